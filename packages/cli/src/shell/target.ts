import { parseReference, type Repository, type TagLister } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { dockerCredentials, openLayout, openLayoutTar } from '@notarykit/registry-client/node';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import { type Arguments, type OptionSpec, UsageError } from './command.js';

/** What a reference names: an artifact in a registry, or in an OCI layout. */
export interface Target {
  readonly repository: Repository & TagLister;
  /** Tag or digest, if the reference has one. */
  readonly name?: string;
  /** Keeps what was written; to be called when all went well. */
  save(): Promise<void>;
}

/** How a reference is read. */
export interface TargetOptions {
  readonly layout: boolean;
  readonly plainHttp: boolean;
  /** Make the layout when there is none. */
  readonly create?: boolean;
}

/** Options of commands that take a reference. */
export const targetOptions: Readonly<Record<string, OptionSpec>> = {
  'oci-layout': { type: 'boolean', help: 'the reference is "folder:tag" or "file.tar:tag" of an OCI image layout' },
  'insecure-registry': { type: 'boolean', help: 'talk plain http to the registry' },
};

/** Opens the repository of a reference, with the accounts that docker knows. */
export async function openTarget(reference: string, options: TargetOptions): Promise<Target> {
  return options.layout ? openLayoutTarget(reference, options) : openRegistryTarget(reference, options);
}

/** Opens what a command's reference and its {@link targetOptions} name. */
export function targetOf(args: Arguments, reference: string): Promise<Target> {
  return openTarget(reference, { layout: args.flag('oci-layout'), plainHttp: args.flag('insecure-registry') });
}

/** The tag or digest of a target. */
export function nameOfTarget({ name, repository }: Target): string {
  if (name !== undefined) return name;
  throw new UsageError(`${repository.name} is a repository: add ":tag" or "@digest"`);
}

async function openRegistryTarget(reference: string, { plainHttp }: TargetOptions): Promise<Target> {
  const { registry, repository, tag, digest } = parse(reference);
  const settings = await notationConfiguration().settings();
  const plain = plainHttp || settings.insecureRegistries.includes(registry.toLowerCase());
  const client = createRegistry({
    registry,
    credentials: dockerCredentials({ repository }),
    ...(plain ? { plainHttp: true } : {}),
  });
  return { repository: client.repository(repository), ...named(digest ?? tag), save: async () => undefined };
}

function parse(reference: string) {
  try {
    return parseReference(reference);
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; for a layout on disk add --oci-layout`);
  }
}

async function openLayoutTarget(reference: string, { create = false }: TargetOptions): Promise<Target> {
  const [, path = reference, name] = /^(.+?)(?:@(?=sha)|:(?=[^/\\]*$))([^/\\]+)$/.exec(reference) ?? [];
  if (!path.endsWith('.tar'))
    return { repository: await openLayout(path, { create }), ...named(name), save: async () => undefined };
  const tar = await openLayoutTar(path, { create });
  return { repository: tar, ...named(name), save: () => tar.save() };
}

const named = (name: string | undefined) => (name === undefined ? {} : { name });
