// Programs without types leave arguments out, or give the document in place of what is made of it: each call says which argument it is.
import { isCodedError } from '@notarykit/common';
import { checkRepositoryName } from '@notarykit/oci/internal';
import { createHttpTimestamper, createRevocationChecker } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import { fromDigestSigner, fromPayloadSigner } from '@notarykit/signature-envelope';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseBlobTrustPolicy, parseTrustPolicy } from '@notarykit/trust-policy';
import * as verbs from 'notarykit';
import { beforeAll, expect, it } from 'vitest';

/** What a program without types sees. */
type Loose = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;
const loose = verbs as unknown as Loose;

const statement = { signatureVerification: { level: 'permissive' }, trustStores: ['ca:lab'], trustedIdentities: ['*'] };
const document = { version: '1.0', trustPolicies: [{ name: 'lab', registryScopes: ['*'], ...statement }] };
const policy = parseTrustPolicy(document);
const blobPolicy = parseBlobTrustPolicy({
  version: '1.0',
  trustPolicies: [{ name: 'lab', globalPolicy: true, ...statement }],
});
const gatePolicy = parseGatePolicy(
  'version: "1.0"\nname: p\nsigners: { build: { trustPolicy: lab } }\nimage: { signedBy: [build] }\n',
);
const content = new Uint8Array(3);

let lab: TrustLab;
let given: Readonly<Record<string, unknown>>;
beforeAll(async () => {
  lab = await createTrustLab();
  const registry = createRegistry({ registry: 'registry.test', fetch: lab.registry.fetch });
  const repository = registry.repository('app');
  const push = { artifactType: 'example/app', layers: [] };
  await verbs.publish(repository, { push, sign: { signer: lab.signer }, tag: 'v1' });
  given = { registry, repository, signer: lab.signer, trust: { policy, trustStore: memoryTrustStore(lab.trustStore) } };
  return () => lab.close();
});

it.each([
  ...['verify', 'gate', 'promote', 'inspect'].map((verb) => [
    verb,
    ['repository', 'v1', null],
    'options: expected an object, found null',
  ]),
  ['sign', ['repository', 'v1'], 'options: expected an object, found undefined'],
  ['publish', ['repository'], 'options: expected an object, found undefined'],
  ['attach', ['repository', 'v1'], 'options: expected an object, found undefined'],
  ['copy', ['repository', 'repository'], 'options: expected an object, found undefined'],
  ['signFile', ['repository'], 'options: expected an object, found undefined'],
  ['signFile', ['repository', {}], 'files: expected at least one file, found undefined'],
  ['signFile', ['repository', { files: [] }], 'files: expected at least one file, found none'],
  ['signBlob', [content], 'options: expected an object, found undefined'],
  ['verify', ['registry.test/app', 'v1', 'trust'], 'repository: .*createRegistry.*found a string'],
  ['inspect', [], 'repository: .*found undefined'],
  ['verify', ['repository', undefined, 'trust'], 'expected a tag, a digest, .*found undefined'],
  ['verify', ['repository', 'v1', {}], 'policy: expected a parsed policy .*found undefined'],
  ['verify', ['repository', 'v1', { policy: document }], 'policy: .*parseTrustPolicy.*found an object'],
  ['verify', ['repository', 'v1', { policy: blobPolicy }], 'policy: .*found one for blobs'],
  ['verify', ['repository', 'v1', { policy }], 'trustStore: .*memoryTrustStore.*found undefined'],
  ['verify', ['repository', 'v1', { policy, trustStore: { ca: {} } }], 'trustStore: .*found an object'],
  ['verifyBlob', [content, content], 'options: expected an object, found undefined'],
  ['verifyBlob', [content, content, 'trust'], 'policy: .*found one for artifacts'],
  ['gate', ['repository', 'v1', { policy: 'version' }], 'policy: expected .*parseGatePolicy.*found a string'],
  ['gate', ['repository', 'v1', { policy: gatePolicy }], 'trust: expected an object with .*found undefined'],
  ['signBlob', ['hello', { signer: 'signer' }], 'content: expected bytes .*found a string'],
  ['signBlob', [content, {}], 'a signer'],
  ['sign', ['repository', 'v1', { signer: 'signer', expiry: '2030-01-01' }], 'expiry: expected a Date, found a string'],
  [
    'publish',
    ['repository', { push: { artifactType: 'a/b', layers: [{ data: content }] } }],
    'a descriptor, since it has no "content"',
  ],
] as [string, unknown[], string][])('%s %o', async (verb, args, message) => {
  const error: unknown = await loose[verb]?.(...args.map(filled)).catch((reason: unknown) => reason);
  expect(isCodedError(error), String(error)).toBe(true);
  expect(String(error)).toMatch(new RegExp(message));
});

/** The names in a row stand for what was made before. */
function filled(argument: unknown): unknown {
  if (typeof argument === 'string') return given[argument] ?? argument;
  const { signer } = (argument ?? {}) as { signer?: unknown };
  const sign = { signer: given['signer'] };
  if (signer !== undefined) return { ...(argument as object), ...sign };
  return (argument as { push?: unknown } | null)?.push === undefined ? argument : { ...(argument as object), sign };
}

const loosely = (call: unknown, ...args: unknown[]): unknown => (call as (...args: unknown[]) => unknown)(...args);

it.each([
  ['a registry without options', () => loosely(createRegistry), 'found undefined'],
  ['a registry by its host', () => loosely(createRegistry, 'a.test'), 'found a string'],
  [
    'a checker of revocation without options',
    () => loosely(createRevocationChecker),
    'revocationFetch.*found undefined',
  ],
  ['a checker of revocation without fetch', () => loosely(createRevocationChecker, {}), 'fetch: expected a function'],
  ['a timestamper without options', () => loosely(createHttpTimestamper), 'createTransport.*found undefined'],
  [
    'a timestamper without fetch',
    () => loosely(createHttpTimestamper, { url: 'http://tsa.test' }),
    'fetch: expected a function',
  ],
  ['observed verbs without options', () => loosely(verbs.observe), 'options: expected an object, found undefined'],
  ['a repository without a name', () => checkRepositoryName(undefined as never), 'found undefined'],
  ['a chain in PEM', () => fromDigestSigner('-----BEGIN' as never, async () => content), 'DER.*PEM'],
  ['a list of PEM', () => fromPayloadSigner(['-----BEGIN' as never], async () => content), 'DER.*PEM'],
])('%s', (_name, call, message) => {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  expect(isCodedError(thrown), String(thrown)).toBe(true);
  expect(String(thrown)).toMatch(new RegExp(message));
});
