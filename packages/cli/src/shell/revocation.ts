import type { AddressRules } from '@notarykit/pki/internal';
import type { Arguments } from './command.js';
import { type Network, unnamed } from './network.js';
import type { OptionSpec } from './option-spec.js';

/** What a certificate may make this machine connect to: each choice allows what those before it allow, too. */
const networks = {
  public: { private: false },
  private: {},
  loopback: { loopback: true },
  any: { loopback: true, linkLocal: true },
} as const satisfies Readonly<Record<string, AddressRules>>;

/** Options of commands that ask whether certificates were revoked. */
export const revocationOptions: Readonly<Record<string, OptionSpec>> = {
  'revocation-addresses': {
    type: 'string',
    value: 'network',
    choices: Object.keys(networks),
    help: 'where servers of OCSP and CRLs may be: on public addresses, also in private networks (the default), also on this machine, or anywhere',
  },
};

/** How servers of OCSP and CRLs are reached. */
export interface RevocationNetwork extends Network {
  readonly addresses: AddressRules;
}

/** The network with what {@link revocationOptions} say. */
export function revocationNetwork(args: Arguments, network: Network): RevocationNetwork {
  const chosen = args.text('revocation-addresses') ?? 'private';
  return { ...unnamed(network), addresses: networks[chosen as keyof typeof networks] };
}
