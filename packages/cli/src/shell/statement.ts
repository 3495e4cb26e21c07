import { type Arguments, type OptionSpec, UsageError } from './command.js';

/** Options that say what a statement of a trust policy says. */
export const statementOptions: Readonly<Record<string, OptionSpec>> = {
  'trust-store': {
    type: 'string',
    value: 'type:name',
    multiple: true,
    help: 'trust store, such as ca:wabbit-networks',
  },
  'trusted-identity': {
    type: 'string',
    value: 'identity',
    multiple: true,
    help: 'who may sign, such as "x509.subject:C=US,ST=WA,O=Wabbit Networks"',
  },
  scope: {
    type: 'string',
    value: 'registry/repository',
    multiple: true,
    help: 'what it holds for; default: every repository',
  },
  level: {
    type: 'string',
    value: 'level',
    choices: ['strict', 'permissive', 'audit'],
    help: 'verification level; default strict',
  },
};

/** The statement of a name that {@link statementOptions} amount to. */
export function readStatement(args: Arguments, name: string): object {
  const [trustStores, trustedIdentities, scopes] = [
    args.texts('trust-store'),
    args.texts('trusted-identity'),
    args.texts('scope'),
  ];
  if (trustStores.length === 0 || trustedIdentities.length === 0)
    throw new UsageError('name at least one --trust-store and one --trusted-identity');
  return {
    name,
    registryScopes: scopes.length === 0 ? ['*'] : scopes,
    signatureVerification: { level: args.text('level') ?? 'strict' },
    trustStores,
    trustedIdentities,
  };
}
