import { type Bytes, encodeBase64, utf8 } from '@notarykit/common';
import { encodeBase64Url } from '@notarykit/common/internal';
import { algorithmOf, decodeEnvelope, type VerifiedEnvelope, verifyIntegrity } from '@notarykit/signature-envelope';
import type { Issued } from '@notarykit/testing';

type Members = Record<string, unknown>;

/** What differs from a good envelope. A function that returns text gives the raw document in place of an object. */
export interface JwsChanges {
  readonly protected?: (header: Members) => unknown;
  readonly payload?: string | Uint8Array;
  readonly header?: (header: Members) => unknown;
  readonly signature?: (signature: Uint8Array) => Uint8Array;
  readonly members?: (members: Members) => unknown;
}

export const goodPayload = `{"targetArtifact":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:${'a'.repeat(64)}","size":3}}`;

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A JWS envelope that is good but for the changes; what the signature covers is signed after they were made. */
export async function forgeJws(leaf: Issued, changes: JwsChanges = {}): Promise<Bytes> {
  const header = {
    alg: algorithmOf(leaf.keySpec).jws,
    cty: 'application/vnd.cncf.notary.payload.v1+json',
    crit: ['io.cncf.notary.signingScheme'],
    'io.cncf.notary.signingScheme': 'notary.x509',
    'io.cncf.notary.signingTime': '2025-01-01T00:00:00Z',
  };
  const protectedText = encodeBase64Url(utf8(text(changes.protected?.(header) ?? header)));
  const payload = changes.payload ?? goodPayload;
  const payloadText = encodeBase64Url(typeof payload === 'string' ? utf8(payload) : payload);
  const signature = await signBytes(leaf, utf8(`${protectedText}.${payloadText}`));
  const unprotected = { x5c: leaf.chain.map(encodeBase64) };
  const members = {
    payload: payloadText,
    protected: protectedText,
    header: changes.header?.(unprotected) ?? unprotected,
    signature: encodeBase64Url(changes.signature?.(signature) ?? signature),
  };
  return utf8(text(changes.members?.(members) ?? members));
}

/** A raw signature by the leaf's key. */
export async function signBytes(leaf: Issued, payload: Uint8Array): Promise<Uint8Array> {
  const { signature } = await leaf.signer.sign({ payload, keySpec: leaf.keySpec });
  return signature;
}

/** Decodes and verifies a JWS. */
export function openJws(bytes: Uint8Array, now?: Date): Promise<VerifiedEnvelope> {
  return open(bytes, 'application/jose+json', now);
}

/** Decodes and verifies a COSE message. */
export function openCose(bytes: Uint8Array, now?: Date): Promise<VerifiedEnvelope> {
  return open(bytes, 'application/cose', now);
}

async function open(bytes: Uint8Array, mediaType: string, now?: Date): Promise<VerifiedEnvelope> {
  return verifyIntegrity(decodeEnvelope(bytes, mediaType), now === undefined ? {} : { now });
}
