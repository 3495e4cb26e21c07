import { parseReview } from '@notarykit/admission';
import { parsePlatform } from '@notarykit/artifact-graph/internal';
import { encodeBase64, utf8 } from '@notarykit/common';
import { encodeBase64Url } from '@notarykit/common/internal';
import { digestOf, mediaTypes } from '@notarykit/oci';
import {
  buildTarEntry,
  parseIndexDocument,
  parseManifest,
  parseReferrersList,
  readTarMembers,
  tarEnd,
  tarStream,
} from '@notarykit/oci/internal';
import { decodeEnvelope, decodePayload, envelopeMediaTypes } from '@notarykit/signature-envelope';
import { parseBlobTrustPolicy, parseExtendedTrustPolicy, parseTrustPolicy } from '@notarykit/trust-policy';
import { parsePointer } from '../../../packages/admission/src/images/pointers.js';
import { parseDocument } from '../../../packages/notarykit/src/bundle/parse-document.js';
import { readCbor } from '../../../packages/signature-envelope/src/cose/cbor.js';
import { array, bytes, head, int, map, tag, text } from '../../forge/cbor.js';
import { many, reader } from './reader.js';

const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
const times = <T>(n: number, make: (i: number) => T): readonly T[] => Array.from({ length: n }, (_, i) => make(i));
const digest = (i: number): string => digestOf(utf8(String(i)));
const descriptor = (i: number, more: object = {}) => ({
  mediaType: mediaTypes.imageManifest,
  digest: digest(i),
  size: i,
  ...more,
});
const annotations = (n: number) => Object.fromEntries(times(n, (i) => [`a.b/${i}`, 'c']));

const cbor = {
  deep: (n: number) => {
    let inner = int(1);
    for (let i = 0; i < n; i++) inner = array(inner);
    return inner;
  },
  // Numbers of one length.
  wide: (n: number) => array(...times(n, (i) => int(i % 24))),
  'many keys': (n: number) => map(...times(n, (i) => [int(i), int(i)] as const)),
  'keys of text': (n: number) => map(...times(n, (i) => [text(`a${String(i).padStart(5, '0')}`), int(i)] as const)),
  'a key twice': (n: number) => map(...times(n, (i) => [int(Math.min(i, n - 2)), int(i)] as const)),
  tags: (n: number) => {
    let inner = int(1);
    for (let i = 0; i < n; i++) inner = tag(24, inner);
    return inner;
  },
  'a length that lies': (n: number) => head(4, n * 1000),
  'long bytes': (n: number) => bytes(new Uint8Array(n)),
};
const cose = (unprotected: Uint8Array, header: Uint8Array = map()): Uint8Array =>
  tag(18, array(bytes(header), unprotected, bytes(utf8('{}')), bytes(new Uint8Array(64))));

const jws = (header: object, more: object = {}): Uint8Array =>
  json({
    payload: encodeBase64Url(utf8('{}')),
    protected: encodeBase64Url(json(header)),
    header: more,
    signature: 'AAAA',
  });
const statement = (i: number, more: object = {}) => ({
  name: `s${i}`,
  registryScopes: [`r.test/a${i}`],
  signatureVerification: { level: 'strict' },
  trustStores: ['ca:a'],
  trustedIdentities: ['*'],
  ...more,
});
const policy = (statements: readonly unknown[], more: object = {}): Uint8Array =>
  json({ version: '1.0', trustPolicies: statements, ...more });
const subject = (n: number): string => `x509.subject: C=US, ST=WA, O=${'a'.repeat(n)}`;

const policies = {
  statements: (n: number) => policy(times(n, (i) => statement(i))),
  scopes: (n: number) => policy([statement(0, { registryScopes: times(n, (i) => `r.test/a${i}`) })]),
  'scopes of all statements': (n: number) =>
    policy(times(Math.ceil(n / 10), (i) => statement(i, { registryScopes: times(10, (j) => `r.test/a${i}-${j}`) }))),
  stores: (n: number) => policy([statement(0, { trustStores: times(n, (i) => `ca:a${i}`) })]),
  identities: (n: number) =>
    policy([statement(0, { trustedIdentities: times(n, (i) => `x509.subject: C=US, ST=WA, O=a${i}`) })]),
  'a long identity': (n: number) => policy([statement(0, { trustedIdentities: [subject(n)] })]),
  'an identity of many parts': (n: number) =>
    policy([statement(0, { trustedIdentities: [`x509.subject: C=US, ST=WA, ${many(n, (i) => `OU=a${i}`, ', ')}`] })]),
  'escapes in an identity': (n: number) =>
    policy([statement(0, { trustedIdentities: [`x509.subject: C=US, ST=WA, O=${'\\,'.repeat(n)}`] })]),
  'unknown members': (n: number) => policy([statement(0)], Object.fromEntries(times(n, (i) => [`x${i}`, i]))),
};

const tar = (entries: readonly Uint8Array[]): ReadableStream<Uint8Array> =>
  new Blob([...entries, tarEnd()] as BlobPart[]).stream();
const member = (name: string): Uint8Array => buildTarEntry({ name, type: 'file', mode: 0o644, size: 0 });
async function readTar(bytes: readonly Uint8Array[]): Promise<void> {
  for await (const _ of readTarMembers(tarStream(tar(bytes))));
}

const artifact = (i: number) => ({ repository: `r.test/a${i}`, descriptor: descriptor(i), referrers: [] });
const pod = (n: number, place: object = {}) =>
  json({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'u',
      operation: 'CREATE',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      namespace: 'n',
      object: { spec: { containers: times(n, (i) => ({ name: `c${i}`, image: `r.test/a:${i}` })), ...place } },
    },
  });

/** Readers of documents: manifests, archives, envelopes, policies, bundles, reviews. */
export const documentReaders = [
  reader('a manifest', (bytes: Uint8Array) => parseManifest(bytes, mediaTypes.imageManifest), {
    layers: (n) =>
      json({
        schemaVersion: 2,
        mediaType: mediaTypes.imageManifest,
        config: descriptor(0),
        layers: times(n, (i) => descriptor(i)),
      }),
    annotations: (n) =>
      json({
        schemaVersion: 2,
        mediaType: mediaTypes.imageManifest,
        config: descriptor(0),
        layers: [],
        annotations: annotations(n),
      }),
    'annotations of layers': (n) =>
      json({
        schemaVersion: 2,
        config: descriptor(0),
        layers: times(Math.ceil(n / 10), (i) => descriptor(i, { annotations: annotations(10) })),
      }),
    urls: (n) =>
      json({
        schemaVersion: 2,
        config: descriptor(0),
        layers: [descriptor(1, { urls: times(n, (i) => `https://a.test/${i}`) })],
      }),
    'a long type': (n) =>
      json({ schemaVersion: 2, config: descriptor(0), layers: [descriptor(1, { mediaType: `a/${'b.'.repeat(n)}` })] }),
  }),
  reader('a list of referrers', (bytes: Uint8Array) => parseReferrersList(bytes), {
    entries: (n) =>
      json({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: times(n, (i) => descriptor(i)) }),
    'one entry again and again': (n) =>
      json({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: times(n, () => descriptor(1)) }),
    'entries that are none': (n) =>
      json({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: times(n, () => ({ mediaType: 'x' })) }),
  }),
  reader('an index of a layout', (bytes: Uint8Array) => parseIndexDocument(bytes), {
    entries: (n) =>
      json({
        schemaVersion: 2,
        manifests: times(n, (i) => descriptor(i, { annotations: { 'org.opencontainers.image.ref.name': `v${i}` } })),
      }),
    'one tag': (n) =>
      json({
        schemaVersion: 2,
        manifests: times(n, (i) => descriptor(i, { annotations: { 'org.opencontainers.image.ref.name': 'v1' } })),
      }),
  }),
  reader('a platform', (text: string) => parsePlatform(text), {
    parts: (n) => 'a/'.repeat(n),
    blanks: (n) => ' '.repeat(n),
  }),
  reader('an archive', readTar, {
    members: (n) => times(n, (i) => member(`f${i}`)),
    'members of deep folders': (n) => times(n, (i) => member(`${'d/'.repeat(40)}f${i}`)),
    'a deep folder': (n) => [member(`${'d/'.repeat(n)}f`)],
    'one name': (n) => times(n, () => member('f')),
    'long names': (n) => times(n, (i) => member(`${'x'.repeat(200)}${i}`)),
  }),
  reader('CBOR', (bytes: Uint8Array) => readCbor(bytes), cbor),
  reader('a COSE envelope', (bytes: Uint8Array) => decodeEnvelope(bytes, envelopeMediaTypes.cose), {
    ...cbor,
    'a wide header': (n) => cose(cbor['many keys'](n)),
    'a wide protected header': (n) => cose(map(), cbor['many keys'](n)),
    'a deep header': (n) => cose(map([int(99), cbor.deep(n)])),
    certificates: (n) => cose(map([int(33), array(...times(n, () => bytes(new Uint8Array(50))))])),
  }),
  reader('a JWS envelope', (bytes: Uint8Array) => decodeEnvelope(bytes, envelopeMediaTypes.jws), {
    'a wide header': (n) => jws(Object.fromEntries(times(n, (i) => [`a${i}`, i]))),
    'critical members': (n) => jws({ alg: 'ES256', crit: times(n, (i) => `a${i}`) }),
    certificates: (n) => jws({ alg: 'ES256' }, { x5c: times(n, () => encodeBase64(new Uint8Array(50))) }),
    'unprotected members': (n) => jws({ alg: 'ES256' }, Object.fromEntries(times(n, (i) => [`a${i}`, i]))),
  }),
  reader('a payload', (bytes: Uint8Array) => decodePayload(bytes as never), {
    annotations: (n) => json({ targetArtifact: { ...descriptor(1), annotations: annotations(n) } }),
    'unknown members': (n) => json({ targetArtifact: descriptor(1), ...annotations(n) }),
  }),
  reader('a trust policy', (bytes: Uint8Array) => parseTrustPolicy(bytes), policies),
  reader('a trust policy of blobs', (bytes: Uint8Array) => parseBlobTrustPolicy(bytes), policies),
  reader('an extended trust policy', (bytes: Uint8Array) => parseExtendedTrustPolicy(bytes), policies),
  reader('a document of a bundle', parseDocument, {
    artifacts: (n) =>
      json({ version: '1.0', policy: digest(0), content: false, artifacts: times(n, artifact), evidence: [] }),
    'an artifact twice': (n) =>
      json({ version: '1.0', policy: digest(0), content: false, artifacts: times(n, () => artifact(1)), evidence: [] }),
    referrers: (n) =>
      json({
        version: '1.0',
        policy: digest(0),
        content: false,
        artifacts: [{ ...artifact(1), referrers: times(n, (i) => descriptor(i)) }],
        evidence: [],
      }),
    evidence: (n) =>
      json({
        version: '1.0',
        policy: digest(0),
        content: false,
        artifacts: [artifact(1)],
        evidence: times(n, (i) => ({ kind: 'ocsp', url: `http://o.test/${i}`, digest: digest(i) })),
      }),
  }),
  reader('a review', (bytes: Uint8Array) => parseReview(bytes), {
    containers: (n) => pod(n),
    annotations: (n) => pod(1, { annotations: annotations(n) }),
    'a deep object': (n) => pod(1, JSON.parse(`${'{"a":'.repeat(n / 10)}1${'}'.repeat(n / 10)}`) as object),
  }),
  reader('a pointer', parsePointer, {
    steps: (n) => '/a'.repeat(n),
    escapes: (n) => `/${'~1'.repeat(n)}`,
    stars: (n) => '/*'.repeat(n),
  }),
];
