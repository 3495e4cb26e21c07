import { type KeyObject, sign } from 'node:crypto';
import { concatBytes, utf8 } from '@notarykit/common';
import { encodeBase64Url, equalBytes } from '@notarykit/common/internal';
import {
  decodeEnvelope,
  type EnvelopeFormat,
  signEnvelope,
  type VerifiedEnvelope,
  verifyIntegrity,
} from '@notarykit/signature-envelope';
import type { Issued } from '@notarykit/testing';
import { decode as decodeCborg } from 'cborg';
import { array, bytes as byteString, tag, text as textString } from '../forge/cbor.ts';
import { mutateBytes, mutateSeveral } from './mutate.ts';
import type { Random } from './random.ts';
import type { FuzzTarget } from './run.ts';

const target = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 3,
} as const;
const attributes = [
  { key: 'list', value: [1, 2.5, 'x', { a: null }], critical: true },
  { key: 'flag', value: true, critical: false },
];

/** A good envelope of a P-256 key, and the key, for what is signed anew. */
export interface EnvelopeSeed {
  readonly bytes: Uint8Array;
  readonly key: KeyObject;
}

/** What was signed: the seed, and what the input under way was signed over. */
interface Signed {
  seed: Uint8Array;
  last: Uint8Array;
}

/** Signs at once, so that a changed header or payload is met by the code behind the signature check as well. */
function signer(key: KeyObject, known: Signed): (data: Uint8Array) => Uint8Array {
  return (data) => {
    known.last = data;
    return sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
  };
}

/** A good envelope with attributes of every shape. */
export async function seedOf(leaf: Issued, format: EnvelopeFormat): Promise<Uint8Array> {
  const options = {
    signer: leaf.signer,
    format,
    expiry: new Date('2100-01-01T00:00:00Z'),
    extendedAttributes: attributes,
  };
  return (await signEnvelope(target, { ...options, metadata: { build: '1' } })).envelope;
}

const mutated = (bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> =>
  mutateSeveral(bytes, random, mutateBytes);

/** FZ1: JWS envelopes, changed as bytes, in a member, or before they are signed. */
export async function jwsTarget({ bytes, key }: EnvelopeSeed): Promise<FuzzTarget> {
  const seed = await verifyIntegrity(decodeEnvelope(bytes, 'application/jose+json'));
  const known = { seed: seed.signedBytes, last: seed.signedBytes };
  const resign = signer(key, known);
  const members = JSON.parse(new TextDecoder().decode(seed.bytes)) as Record<string, never>;
  const header = Buffer.from(members['protected'] ?? '', 'base64url');
  const put = (changes: object): Uint8Array => utf8(JSON.stringify({ ...members, ...changes }));
  const signed = (protectedHeader: Uint8Array, payload: Uint8Array): Uint8Array => {
    const [first, second] = [encodeBase64Url(protectedHeader), encodeBase64Url(payload)];
    return put({ protected: first, payload: second, signature: encodeBase64Url(resign(utf8(`${first}.${second}`))) });
  };
  const changes: readonly ((random: Random) => Uint8Array)[] = [
    (random) => mutated(seed.bytes, random),
    (random) => signed(mutated(header, random), seed.payload),
    (random) => signed(header, mutated(seed.payload, random)),
    (random) => {
      const name = random.pick(['payload', 'protected', 'header', 'signature']);
      const text = new TextDecoder().decode(mutated(utf8(JSON.stringify(members[name])), random));
      return utf8(new TextDecoder().decode(put({ [name]: '@' })).replace('"@"', () => text));
    },
  ];
  return envelopeTarget('FZ1 JWS', 'application/jose+json', changes, known, (envelope) => {
    // A lenient reader must see the same document in what the strict one took.
    const document = JSON.parse(new TextDecoder().decode(envelope.bytes));
    return (
      encodeBase64Url(envelope.payload) === document.payload &&
      encodeBase64Url(envelope.signature) === document.signature
    );
  });
}

/** FZ2: COSE envelopes likewise. */
export async function coseTarget({ bytes, key }: EnvelopeSeed): Promise<FuzzTarget> {
  const seed = await verifyIntegrity(decodeEnvelope(bytes, 'application/cose'));
  const known = { seed: seed.signedBytes, last: seed.signedBytes };
  const resign = signer(key, known);
  const [header, , payload, signature] = readSign1(seed.bytes);
  const unprotected = middle(seed.bytes, byteString(header), byteString(payload));
  const put = (h: Uint8Array, u: Uint8Array, p: Uint8Array, s: Uint8Array): Uint8Array =>
    tag(18, array(byteString(h), u, byteString(p), byteString(s)));
  const signed = (h: Uint8Array, p: Uint8Array): Uint8Array =>
    put(
      h,
      unprotected,
      p,
      resign(array(textString('Signature1'), byteString(h), byteString(new Uint8Array()), byteString(p))),
    );
  const changes: readonly ((random: Random) => Uint8Array)[] = [
    (random) => mutated(seed.bytes, random),
    (random) => signed(mutated(header, random), payload),
    (random) => signed(header, mutated(payload, random)),
    (random) => put(header, mutated(unprotected, random), payload, signature),
    (random) => concatBytes([mutated(seed.bytes.slice(0, 400), random), seed.bytes.slice(400)]),
  ];
  return envelopeTarget('FZ2 COSE', 'application/cose', changes, known, (envelope) => {
    const [, , p, s] = readSign1(envelope.bytes);
    return Buffer.compare(p, envelope.payload) === 0 && Buffer.compare(s, envelope.signature) === 0;
  });
}

function envelopeTarget(
  name: string,
  mediaType: string,
  changes: readonly ((random: Random) => Uint8Array)[],
  known: Signed,
  secondOpinion: (envelope: VerifiedEnvelope) => boolean,
): FuzzTarget {
  return {
    name,
    input: (random) => random.pick(changes)(random),
    async run(input) {
      const decoded = decodeEnvelope(input, mediaType);
      const envelope = await verifyIntegrity(decoded);
      if (![known.seed, known.last].some((bytes) => equalBytes(bytes, envelope.signedBytes)))
        throw new Error('accepted, though nobody signed these bytes');
      if (!secondOpinion(envelope)) throw new Error('another reader sees another document');
      const again = decodeEnvelope(input, mediaType);
      if (JSON.stringify(again) !== JSON.stringify(decoded)) throw new Error('read differently the second time');
      return true;
    },
  };
}

/** The elements of a message by cborg, leniently. */
function readSign1(message: Uint8Array): [Uint8Array, unknown, Uint8Array, Uint8Array] {
  const tags = Object.fromEntries([0, 1, 2, 18].map((number) => [number, (decode: () => unknown) => decode()]));
  return decodeCborg(message, { useMaps: true, tags } as never);
}

/** What stands between two pieces of a message. */
function middle(message: Uint8Array, before: Uint8Array, after: Uint8Array): Uint8Array {
  const whole = Buffer.from(message);
  return new Uint8Array(whole.subarray(whole.indexOf(before) + before.length, whole.lastIndexOf(after)));
}
