import type { CallOptions } from '@notarykit/common/internal';
import {
  type Credential,
  type CredentialProvider,
  createRegistry,
  type RegistryEndpoint,
} from '@notarykit/registry-client';
import type { AccountPlace } from '@notarykit/registry-client/node';
import { accountOptions, readAccountWords } from '../shell/account.js';
import { type Arguments, type Command, UsageError } from '../shell/command.js';
import { diagnosticOptions, readLogger } from '../shell/diagnostics.js';
import { plainRegistries } from '../shell/endpoint.js';
import { clientCertificateOptions, networkOptions, readNetwork } from '../shell/network.js';
import { outputOptions } from '../shell/output.js';
import { askPassword, askUsername } from '../shell/password.js';
import { plainHttpOptions, readPlainHttp } from '../shell/plain-http.js';
import { storeForLogin } from '../shell/stored-accounts.js';
import { readServer } from '../shell/target.js';

export const loginCommand: Command = {
  usage: 'login <server>',
  summary: "Try an account at a registry, and keep it for this and other tools in docker's credential helper",
  options: {
    ...accountOptions,
    'plain-text': {
      type: 'boolean',
      help: "without a credential helper, keep the password in docker's file, where programs of this user can read it",
    },
    ...plainHttpOptions,
    ...networkOptions,
    ...clientCertificateOptions,
    ...diagnosticOptions,
    ...outputOptions,
  },
  examples: ['login registry.example.com', 'login --username wabbit --password-stdin registry.example.com'],
  async run(args, terminal, call) {
    const server = readServer(args.positionals[0] ?? '');
    if (args.text('password') !== undefined)
      terminal.note('others on this machine can list a password that is typed: --password-stdin is better');
    const account = await readLogin(args);
    const asked = await signIn(args, server, account, call);
    if (!asked) terminal.note(`${server} did not ask for an account: this one is kept unchecked`);
    const place = await (await storeForLogin()).save(server, account, { plainText: args.flag('plain-text') });
    const { username } = account;
    terminal.result({ server, ...(username && { username }), place }, `Login Succeeded\n${placeText(place)}`);
    return 0;
  },
};

/** What is not said is asked for; an empty user means that a token follows. */
async function readLogin(args: Arguments): Promise<Credential> {
  const { username: said, password } = await readAccountWords(args);
  const username = said ?? (password === undefined ? await askUsername() : '');
  const secret = password ?? (await askPassword(username === '' ? 'Token: ' : 'Password: '));
  if (secret === '') throw new UsageError('nothing was typed: an account needs a password, or a token');
  return username === '' ? { refreshToken: secret } : { username, password: secret };
}

/** Whether the registry asked for the account; one that refuses it throws. */
async function signIn(args: Arguments, registry: string, account: Credential, call: CallOptions): Promise<boolean> {
  let asked = false;
  const credentials: CredentialProvider = {
    async get() {
      asked = true;
      return account;
    },
  };
  const endpoint: RegistryEndpoint = createRegistry({
    registry,
    credentials,
    ...((await plainRegistries(readPlainHttp(args)))({ registry }) ? { plainHttp: true } : {}),
    connection: await readNetwork(args),
    ...readLogger(args),
  });
  await endpoint.ping(call);
  return asked;
}

function placeText(place: AccountPlace): string {
  return place.kind === 'helper'
    ? `kept by docker-credential-${place.helper}`
    : `kept in plain text in ${place.path}: a credential helper is safer`;
}
