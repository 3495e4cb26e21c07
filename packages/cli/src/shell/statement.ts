import { type Arguments, UsageError } from './command.js';
import type { OptionSpec } from './option-spec.js';

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
  const scopes = args.texts('scope');
  return { name, registryScopes: scopes.length === 0 ? ['*'] : scopes, ...readTrusted(args) };
}

/** The same of a policy for files, which knows no scopes, and a statement that holds where no other is named. */
export function readBlobStatement(args: Arguments, name: string): object {
  return { name, ...readTrusted(args), ...(args.flag('global') ? { globalPolicy: true } : {}) };
}

function readTrusted(args: Arguments): object {
  const [trustStores, trustedIdentities] = [args.texts('trust-store'), args.texts('trusted-identity')];
  if (trustStores.length === 0 || trustedIdentities.length === 0)
    throw new UsageError('name at least one --trust-store and one --trusted-identity');
  return { signatureVerification: { level: args.text('level') ?? 'strict' }, trustStores, trustedIdentities };
}
