import { refuseAccount, type SidePrefix, sideAccountOptions } from './account.js';
import { type Arguments, UsageError } from './command.js';
import type { EndpointOptions } from './endpoint.js';
import {
  clientCertificateOptionsOf,
  type Network,
  networkOptions,
  networkOptionsOf,
  readNetwork,
  refuseNetwork,
} from './network.js';
import type { OptionSpec } from './option-spec.js';
import { readEndpoint } from './target.js';

/** Options of a copy: of both registries, and of each. */
export const sideOptions: Readonly<Record<string, OptionSpec>> = {
  'insecure-registry': { type: 'boolean', help: 'talk plain http to the registries' },
  ...networkOptions,
  ...optionsOf('from-', '<from>'),
  ...optionsOf('to-', '<to>'),
};

function optionsOf(prefix: SidePrefix, side: string): Readonly<Record<string, OptionSpec>> {
  return {
    [`${prefix}plain-http`]: { type: 'boolean', help: `talk plain http to the registry of ${side}` },
    ...sideAccountOptions(prefix, side),
    ...networkOptionsOf(prefix),
    ...clientCertificateOptionsOf(prefix),
  };
}

/** What the options of a copy say. */
export interface Sides {
  /** The network of what is asked besides the registries: timestamps, OCSP responders and CRLs. */
  readonly both: Network;
  readonly from: EndpointOptions;
  readonly to: EndpointOptions;
}

/** How both registries are reached. Options of one side say more than, and go before, those of both. */
export async function readSides(args: Arguments): Promise<Sides> {
  if (args.flag('from-password-stdin') && args.flag('to-password-stdin'))
    throw new UsageError('standard input holds one password: give the other side an account by docker login');
  const both = await readNetwork(args);
  return { both, from: await readSide(args, both, 'from-'), to: await readSide(args, both, 'to-') };
}

async function readSide(args: Arguments, both: Network, prefix: SidePrefix): Promise<EndpointOptions> {
  const layout = `${prefix}oci-layout`;
  if (args.declares(layout) && args.flag(layout)) refuseSide(args, prefix);
  const { resolve, ...own } = await readNetwork(args, prefix);
  // One object says that both sides are reached in the same way.
  const isSame = resolve === undefined && own.ca === undefined && own.clientCertificate === undefined;
  const network = isSame ? both : { ...both, ...own, resolve: { ...both.resolve, ...resolve } };
  return await readEndpoint(args, network, prefix);
}

function refuseSide(args: Arguments, prefix: SidePrefix): void {
  const why = 'that side is a layout';
  if (args.flag(`${prefix}plain-http`)) throw new UsageError(`--${prefix}plain-http has no effect: ${why}`);
  refuseAccount(args, why, prefix);
  const names = { ...networkOptionsOf(prefix), ...clientCertificateOptionsOf(prefix) };
  refuseNetwork(args, why, Object.keys(names));
}
