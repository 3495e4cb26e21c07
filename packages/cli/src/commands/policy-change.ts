import { defined } from '@notarykit/common/internal';
import { changeStatement } from '@notarykit/trust-policy/internal';
import { type Command, UsageError } from '../shell/command.js';
import type { OptionSpec } from '../shell/option-spec.js';
import { editOptions, editPolicy } from '../shell/policy-edit.js';

const list = (value: string, help: string): OptionSpec => ({ type: 'string', value, multiple: true, help });

const lists = {
  'add-scope': list('scope', 'repository to add to the scopes'),
  'remove-scope': list('scope', 'repository to take out of the scopes'),
  'add-identity': list('identity', 'who may sign, too'),
  'remove-identity': list('identity', 'who may no longer sign'),
  'add-trust-store': list('type:name', 'trust store to use, too'),
  'remove-trust-store': list('type:name', 'trust store to use no longer'),
};

export const policyChangeCommand: Command = {
  usage: 'policy change <name>',
  summary: 'Change scopes, identities and trust stores of a statement; all else stays as it is written',
  options: {
    ...lists,
    signer: {
      type: 'string',
      value: 'name',
      help: 'whose identities and trust stores, where the statement has several signers',
    },
    ...editOptions,
  },
  examples: [
    'policy change wabbit-networks --add-scope registry.example.com/net-monitor',
    'policy change wabbit-networks --remove-identity "x509.subject:C=US,ST=WA,O=Old Name" --add-identity "x509.subject:C=US,ST=WA,O=New Name"',
  ],
  async run(args, terminal) {
    const [name = ''] = args.positionals;
    if (Object.keys(lists).every((option) => args.texts(option).length === 0))
      throw new UsageError(
        `name at least one of ${Object.keys(lists)
          .map((option) => `--${option}`)
          .join(', ')}`,
      );
    const signer = args.text('signer');
    return await editPolicy(args, terminal, (document) =>
      changeStatement(document, name, {
        addScopes: args.texts('add-scope'),
        removeScopes: args.texts('remove-scope'),
        addIdentities: args.texts('add-identity'),
        removeIdentities: args.texts('remove-identity'),
        addTrustStores: args.texts('add-trust-store'),
        removeTrustStores: args.texts('remove-trust-store'),
        ...defined({ signer }),
      }),
    );
  },
};
