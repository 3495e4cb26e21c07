import { defined } from '@notarykit/common/internal';
import {
  type ContentDeleter,
  checkTag,
  parseReference,
  type Repository,
  type TagLister,
} from '@notarykit/oci/internal';
import type { RegistryEndpoint } from '@notarykit/registry-client';
import { type MirrorConfiguration, openLayout, openLayoutTar } from '@notarykit/registry-client/node';
import { accountOptions, readAccount, refuseAccount, type SidePrefix } from './account.js';
import { type Arguments, UsageError } from './command.js';
import { diagnosticOptions, readLogger, refuseDiagnostics } from './diagnostics.js';
import {
  type EndpointOptions,
  isOneAccount,
  openEndpoint,
  openThroughMirrors,
  type Place,
  type PlaceOptions,
} from './endpoint.js';
import { mirrorsOf, refuseMirrors } from './mirrors.js';
import {
  clientCertificateOptions,
  type Network,
  networkOptions,
  readNetwork,
  refuseNetwork,
  refuseTls,
  signersCertificateOptions,
} from './network.js';
import type { OptionSpec } from './option-spec.js';
import { plainHttpOptions, readPlainHttp } from './plain-http.js';

/** What a reference names: an artifact in a registry, or in an OCI layout. */
export interface Target {
  readonly repository: Repository & TagLister & Partial<ContentDeleter>;
  /** Tag or digest, if the reference has one. */
  readonly name?: string;
  /** Keeps what was written; to be called when all went well. */
  save(): Promise<void>;
}

/** How a reference is read. */
export interface TargetOptions extends EndpointOptions {
  readonly layout: boolean;
  /** The mirrors that a registry is read through. */
  readonly mirrors?: MirrorConfiguration;
  /** Make the layout when there is none. */
  readonly create?: boolean;
}

/** Options that say how the registry of a reference is reached. */
export const registryOptions: Readonly<Record<string, OptionSpec>> = {
  ...plainHttpOptions,
  ...accountOptions,
  ...networkOptions,
  ...diagnosticOptions,
};

/** Options of commands that take a reference. */
export const targetOptions: Readonly<Record<string, OptionSpec>> = {
  'oci-layout': { type: 'boolean', help: 'the reference is "folder:tag" or "file.tar:tag" of an OCI image layout' },
  ...registryOptions,
};

/** {@link targetOptions} of commands that sign with no key. */
export const keylessTargetOptions: Readonly<Record<string, OptionSpec>> = {
  ...targetOptions,
  ...clientCertificateOptions,
};

/** {@link targetOptions} of commands that sign. */
export const signedTargetOptions: Readonly<Record<string, OptionSpec>> = {
  ...targetOptions,
  ...signersCertificateOptions,
};

/** What the options say about one registry, or one side of a copy. */
export async function readEndpoint(
  args: Arguments,
  network: Network,
  prefix: SidePrefix = '',
): Promise<EndpointOptions> {
  const account = await readAccount(args, prefix);
  const client = args.declares('debug') ? readLogger(args) : {};
  return { plainHttp: readPlainHttp(args, prefix), network, client, ...(account && { account }) };
}

/** Opens the repository of a reference. */
export async function openTarget(reference: string, options: TargetOptions): Promise<Target> {
  return options.layout ? openLayoutTarget(reference, options) : openRegistryTarget(reference, options);
}

/** Both sides of a copy: {@link openTarget} of each, as one endpoint where one will do, so that blobs are mounted. */
export async function openBoth(from: Side, to: Side): Promise<readonly [Target, Target]> {
  if (from.options.layout || to.options.layout) return await Promise.all([open(from), open(to)]);
  const [source, target] = [parse(from.reference), parse(to.reference)];
  if (!(await isOneEndpoint({ place: source, options: from.options }, { place: target, options: to.options })))
    return await Promise.all([open(from), open(to)]);
  const endpoint = await openEndpoint(source, from.options);
  return [targetIn(endpoint, source), targetIn(endpoint, target)];
}

async function isOneEndpoint(one: PlaceOptions, other: PlaceOptions): Promise<boolean> {
  const sameWay = one.options.network === other.options.network && one.options.plainHttp === other.options.plainHttp;
  return sameWay && (await isOneAccount(one, other));
}

/** One side of a copy. */
export interface Side {
  readonly reference: string;
  readonly options: TargetOptions;
}

const open = ({ reference, options }: Side): Promise<Target> => openTarget(reference, options);

/** Opens what a command's reference and its {@link targetOptions} name. */
export async function targetOf(
  args: Arguments,
  reference: string,
  network: Network,
  more: Pick<TargetOptions, 'client'> = {},
): Promise<Target> {
  const { client, ...options } = await readTargetOptions(args, network);
  return openTarget(reference, { ...options, client: { ...client, ...more.client } });
}

async function readTargetOptions(args: Arguments, network: Network): Promise<TargetOptions> {
  if (!args.flag('oci-layout')) return { layout: false, ...(await readEndpoint(args, network)) };
  refuseAccount(args, 'the artifact is in a layout');
  refuseDiagnostics(args, 'the artifact is in a layout');
  return { layout: true, plainHttp: false, network };
}

/** {@link targetOf}, for commands that write: a layout is made where there is none. */
export async function writtenTargetOf(args: Arguments, reference: string, network: Network): Promise<Target> {
  return openTarget(reference, { ...(await readTargetOptions(args, network)), create: true });
}

/** The network of a command that verifies: OCSP and CRLs are asked over http, also for what is in a layout. */
export function verifyingNetwork(args: Arguments): Promise<Network> {
  if (args.flag('oci-layout')) refuseTls(args, 'the artifact is in a layout');
  return readNetwork(args);
}

/** {@link targetOf}, for commands that ask nothing but the repository. */
export async function onlyTargetOf(
  args: Arguments,
  reference: string,
  open: typeof targetOf = targetOf,
): Promise<Target> {
  if (args.flag('oci-layout')) refuseNetwork(args, 'the artifact is in a layout');
  return open(args, reference, await readNetwork(args));
}

/** {@link targetOf}, for commands that only read and so have the options of mirrors. */
export async function readTargetOf(args: Arguments, reference: string, network: Network): Promise<Target> {
  if (args.flag('oci-layout')) refuseMirrors(args, 'the artifact is in a layout');
  return openTarget(reference, { ...(await readTargetOptions(args, network)), ...mirrorsOf(args) });
}

/** A tag as it was typed; a digest is not one: it says what something is, not what it is called. */
export function readTag(text: string): string {
  try {
    checkTag(text);
    return text;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The tag or digest of a target. */
export function nameOfTarget({ name, repository }: Target): string {
  if (name !== undefined) return name;
  throw new UsageError(`${repository.name} is a repository: add ":tag" or "@digest"`);
}

async function openRegistryTarget(reference: string, options: TargetOptions): Promise<Target> {
  const place = parse(reference);
  const { mirrors } = options;
  if (mirrors === undefined) return targetIn(await openEndpoint(place, options), place);
  const repository = await openThroughMirrors(place, mirrors, options);
  return { repository, ...named(place.digest ?? place.tag), save: async () => undefined };
}

function targetIn(endpoint: RegistryEndpoint, { repository, tag, digest }: Place): Target {
  return { repository: endpoint.repository(repository), ...named(digest ?? tag), save: async () => undefined };
}

function parse(reference: string): Place {
  try {
    return parseReference(reference);
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; ${remedyFor(reference)}`);
  }
}

/** A registry as it was typed, `host[:port]`. */
export function readServer(text: string): string {
  if (parse(`${text}/name`).registry === text) return text;
  throw new UsageError(`expected a registry as host[:port], such as registry.example.com, found "${text}"`);
}

/** What other tools take, and what is meant for a folder. */
function remedyFor(reference: string): string {
  const [, scheme] = /^([a-z][a-z+.-]*:\/\/)/i.exec(reference) ?? [];
  if (scheme !== undefined) return `leave "${scheme}" out`;
  return 'write the registry out, as in docker.io/library/nginx:latest; for a layout on disk add --oci-layout';
}

async function openLayoutTarget(reference: string, { create = false }: TargetOptions): Promise<Target> {
  const [, path = reference, name] = /^(.+?)(?:@(?=sha)|:(?=[^/\\]*$))([^/\\]+)$/.exec(reference) ?? [];
  if (!path.endsWith('.tar'))
    return { repository: await openLayout(path, { create }), ...named(name), save: async () => undefined };
  const tar = await openLayoutTar(path, { create });
  return { repository: tar, ...named(name), save: () => tar.save() };
}

const named = (name: string | undefined) => defined({ name });
