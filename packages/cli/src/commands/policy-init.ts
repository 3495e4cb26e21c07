import { type Command, UsageError } from '../shell/command.js';
import { writePolicy, writtenText } from '../shell/policy-file.js';

export const policyInitCommand: Command = {
  usage: 'policy init',
  summary: 'Write a trust policy with one statement',
  options: {
    name: { type: 'string', short: 'n', value: 'name', help: 'name of the statement' },
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
    force: { type: 'boolean', help: 'replace the policy that is there' },
  },
  examples: [
    'policy init --name wabbit-networks --trust-store ca:wabbit-networks --trusted-identity "x509.subject:C=US,ST=WA,O=Wabbit Networks"',
  ],
  async run(args, terminal) {
    const [trustStores, trustedIdentities, scopes] = [
      args.texts('trust-store'),
      args.texts('trusted-identity'),
      args.texts('scope'),
    ];
    if (trustStores.length === 0 || trustedIdentities.length === 0)
      throw new UsageError('name at least one --trust-store and one --trusted-identity');
    const statement = {
      name: args.required('name'),
      registryScopes: scopes.length === 0 ? ['*'] : scopes,
      signatureVerification: { level: args.text('level') ?? 'strict' },
      trustStores,
      trustedIdentities,
    };
    const document = { version: '1.0', trustPolicies: [statement] };
    const written = await writePolicy(`${JSON.stringify(document, undefined, 2)}\n`, args.flag('force'));
    terminal.result(written, writtenText(written));
    return 0;
  },
};
