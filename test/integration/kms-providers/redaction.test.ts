import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import { azureKeySigner } from '@notarykit/kms-providers/azure';
import { gcpKmsKey, gcpKmsRestClient } from '@notarykit/kms-providers/gcp';
import { localKey, localSigner } from '@notarykit/kms-providers/local';
import { pkcs11Signer } from '@notarykit/kms-providers/pkcs11';
import { pluginEnvelopeSigner, pluginSigner } from '@notarykit/kms-providers/plugin';
import { vaultKey, vaultLogin, vaultPki, vaultSigner } from '@notarykit/kms-providers/vault';
import { createAuthority } from '@notarykit/testing';
import { executablePlugin } from '@notarykit/trust-policy/node';
import { afterAll, describe, expect, test } from 'vitest';
import { createTokenDouble } from '../../support/pkcs11/token-double.ts';
import { createPluginFolder } from '../../support/plugin/lab.js';
import { awkwardSecrets, type EchoingEndpoint, redactionContract } from '../../support/redaction.js';

const authority = await createAuthority();
const leaf = await authority.issueLeaf();
/** A header carries neither blanks nor line breaks. */
const tokens = awkwardSecrets.filter((one) => /^[\x21-\x7e]+$/.test(one)).concat('hvs.token-secret/1+2=');
const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

/** A server that answers everything with what the test says. */
async function echoing() {
  let answer = { status: 403, body: '' };
  const server = createServer((_, response) => response.writeHead(answer.status).end(answer.body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    say: (status: number, body: unknown) => {
      answer = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
    },
  };
}

const vault = await echoing();
const google = await echoing();
const name = 'projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1';
const server = { address: vault.address, fetch };

const services: readonly EchoingEndpoint[] = [
  ...[
    ['a signer of Vault', (token: string) => vaultSigner({ ...server, token, key: 'k' }).describe()],
    ['a key of Vault', (token: string) => vaultKey({ ...server, token, key: 'k' }).storeChain(leaf.pem)],
    [
      'the authority of Vault',
      (token: string) => vaultPki({ ...server, token, role: 'r', commonName: 'x' })(leaf.certificate),
    ],
  ].map(([what, call]) => ({
    name: what as string,
    secrets: tokens,
    async fail(secret: string, spell: (secret: string, user: string) => string) {
      vault.say(403, { errors: [`no right for ${spell(secret, 'user')}`] });
      await (call as (token: string) => Promise<unknown>)(secret);
    },
  })),
  {
    name: 'a version of Vault',
    secrets: tokens,
    async fail(secret, spell) {
      vault.say(200, { data: { latest_version: spell(secret, 'user'), keys: {} } });
      await vaultSigner({ ...server, token: async () => secret, key: 'k' }).describe();
    },
  },
  {
    name: 'a login of Vault',
    async fail(secret, spell) {
      vault.say(400, { errors: [spell(secret, 'user')] });
      await vaultLogin({ ...server, path: 'auth/approle/login', credentials: { secret_id: secret } })();
    },
  },
  {
    name: 'a transport',
    secrets: tokens,
    async fail(secret, spell) {
      const failing = () =>
        Promise.reject(Object.assign(new Error(`with ${spell(secret, 'user')}`), { headers: { a: secret } }));
      await vaultSigner({ address: 'https://v', token: secret, key: 'k', fetch: failing }).describe();
    },
  },
  {
    name: 'Google over REST',
    secrets: tokens,
    async fail(secret, spell) {
      google.say(401, { error: { code: 401, status: 'UNAUTHENTICATED', message: `bad ${spell(secret, 'user')}` } });
      const client = gcpKmsRestClient({ fetch, accessToken: async () => secret, endpoint: google.address });
      await gcpKmsKey({ client, name }).describe();
    },
  },
  {
    name: 'Azure',
    secrets: tokens,
    async fail(secret, spell) {
      const request = { headers: new Headers({ authorization: `Bearer ${secret}` }) };
      const failing = () =>
        Promise.reject(Object.assign(new Error(`bad ${spell(secret, 'user')}`), { statusCode: 401, request }));
      const keyId = 'https://v/keys/k/1';
      const signer = azureKeySigner({ client: { sign: failing }, keyId, certificateChain: leaf.chain });
      await signer.sign({ payload: new Uint8Array(1), keySpec: 'EC-256' });
    },
  },
  {
    name: 'a token of PKCS#11',
    async fail(secret, spell) {
      const { pkcs11js } = createTokenDouble({ label: 't', pin: 'another', keys: [] });
      const library = new pkcs11js.PKCS11();
      const C_Login = () => {
        throw new Error(`CKR_PIN_INCORRECT for ${spell(secret, 'user')}`);
      };
      // The double is one object for the whole process.
      Object.assign(library, { C_Login });
      await pkcs11Signer({ library: '/lib/x.so', pkcs11js, pin: secret, keyLabel: 'k' }).describe();
    },
  },
  {
    name: 'a key file',
    async fail(secret, spell) {
      await localSigner({ privateKey: spell(secret, 'user'), password: secret, certificateChain: leaf.pem }).describe();
    },
  },
  {
    name: 'a key file without a certificate',
    async fail(secret, spell) {
      await localKey({ privateKey: spell(secret, 'user'), password: secret }).describe();
    },
  },
];

describe('services', () => {
  for (const endpoint of services) redactionContract(test, endpoint);
});

/** All of an error; the folder of this project, which is in stacks, may have any name. */
const shown = (error: unknown): string => inspect(error, { depth: 20, showHidden: true }).replaceAll(process.cwd(), '');

describe('plugins', async () => {
  const folder = await createPluginFolder();
  closers.push(folder.close);
  // Says what the test has written beside it: once as words, once as the error object of the contract, once as an answer.
  const path = await folder.install(
    'echo',
    `const fs = require('node:fs');
fs.readFileSync(0);
const { how, text } = JSON.parse(fs.readFileSync(__dirname + '/say.json', 'utf8'));
const document = { errorCode: 'ERROR', errorMessage: text, errorMetadata: { [text]: text, reason: text } };
const metadata = { name: 'echo', description: 'd', version: '1.0.0', url: 'u', supportedContractVersions: ['1.0'] };
const capabilities = ['SIGNATURE_GENERATOR.RAW', 'SIGNATURE_GENERATOR.ENVELOPE'];
if (how === 'name') { console.log(JSON.stringify({ ...metadata, capabilities, name: text })); process.exit(0); }
if (process.argv[2] === 'get-plugin-metadata') { console.log(JSON.stringify({ ...metadata, capabilities })); process.exit(0); }
if (how === 'answer') { console.log(JSON.stringify({ keyId: text, signatureEnvelopeType: text })); process.exit(0); }
process.stderr.write(how === 'words' ? text : JSON.stringify(document));
process.exit(1);`,
  );
  const say = async (how: string, text: string): Promise<void> => {
    await writeFile(`${dirname(path)}/say.json`, JSON.stringify({ how, text }));
  };
  const options = { directory: folder.directory, name: 'echo', keyId: 'k' };
  const request = { payload: new Uint8Array(1), payloadType: 'p', envelopeType: 'e' };
  const calls: Readonly<Record<string, (secret: string) => Promise<unknown>>> = {
    'by its configuration': (pin) => pluginSigner({ ...options, pluginConfig: { pin } }).describe(),
    'by its environment': (PIN) => pluginSigner({ ...options, env: { PIN } }).describe(),
    'that makes envelopes': (pin) => pluginEnvelopeSigner({ ...options, pluginConfig: { pin } }).signEnvelope(request),
  };
  const ways = [
    ['by its configuration', 'words'],
    ['by its environment', 'document'],
    ['by its configuration', 'document'],
    ['by its configuration', 'answer'],
    ['by its configuration', 'name'],
    ['that makes envelopes', 'answer'],
  ] as const;
  // A process each: every spelling with one secret in every way, and more secrets as JSON.
  for (const [kind, how] of ways)
    redactionContract(test, {
      name: `a plugin ${kind}, ${how}`,
      secrets: awkwardSecrets.slice(1, 2),
      async fail(secret, spell) {
        await say(how, `given ${spell(secret, 'user')}`);
        await (calls[kind] as (typeof calls)[string])(secret);
      },
    });
  const secrets = awkwardSecrets.slice(1, 4);
  for (const [kind, how] of ways)
    test(`K6 ${kind}, ${how}`, async () => {
      for (const secret of secrets) {
        await say(how, `given ${JSON.stringify(secret)}`);
        const error: unknown = await (calls[kind] as (typeof calls)[string])(secret).catch((caught: unknown) => caught);
        expect(error).toMatchObject({ name: 'SignerError' });
        expect(shown(error)).not.toMatch(/-secret/);
      }
    });

  test('K6 a verifier: in its errors and in its reasons', async () => {
    for (const secret of secrets) {
      await say('document', `given ${JSON.stringify(secret)}`);
      const verifier = executablePlugin(folder.directory, 'echo', { config: { pin: secret } });
      const error: unknown = await verifier.verify(requestOfVerifier).catch((caught: unknown) => caught);
      expect(shown(error)).not.toMatch(/-secret/);
    }
  });
  const requestOfVerifier = {
    envelope: { signedAttributes: { extended: [], contentType: 'x', signingScheme: 'x' }, certificateChain: [] },
    trustedIdentities: [],
    capabilities: [],
    unprocessedAttributes: [],
    config: {},
  } as never;
});
