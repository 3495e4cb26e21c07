import { constants, createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import type { Bytes } from '@notarykit/common';
import { encodeOctetString } from '@notarykit/pki/internal/asn1';
import type { Issued } from '@notarykit/testing';
import { type DerNode, everyNode, parseOne, writeDer } from './der-tree.js';

const keys = new WeakMap<Issued, KeyObject>();

/** Who signs: somebody of the lab, or a key of any kind. */
export type AnySigner = Issued | KeyObject;

function keyOf(signer: AnySigner): KeyObject {
  if (!('privateKeyPem' in signer)) return signer;
  const key = keys.get(signer) ?? createPrivateKey(signer.privateKeyPem);
  keys.set(signer, key);
  return key;
}

/** How it is signed: SHA-256 unless said otherwise, RSA by PKCS #1 v1.5 unless there is a salt. */
export interface SigningWay {
  readonly hash?: string;
  readonly saltLength?: number;
}

/** A signature as X.509 carries it. */
export function signDerWith(
  signer: AnySigner,
  data: Uint8Array,
  { hash = 'sha256', saltLength }: SigningWay = {},
): Uint8Array {
  const key = keyOf(signer);
  if (key.asymmetricKeyType === 'ed25519') return sign(null, data, key);
  if (saltLength === undefined) return sign(hash, data, key);
  return sign(hash, data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
}

/** A certificate with another to-be-signed part, signed anew; whatever the part says of its algorithm stands outside too. */
export function resignCertificate(tbs: DerNode, issuer: AnySigner, way: SigningWay = {}): Bytes {
  const bits = { tag: 0x03, content: Uint8Array.of(0, ...signDerWith(issuer, writeDer(tbs), way)) };
  const at = tbs.children?.[0]?.tag === 0xa0 ? 2 : 1;
  const children = [tbs, ...(tbs.children ?? []).slice(at, at + 1), bits];
  return writeDer({ tag: 0x30, content: new Uint8Array(0), children });
}

/** The parts of a timestamp token. */
export interface TokenParts {
  readonly token: DerNode;
  /** The octets that hold the TSTInfo, and it. */
  readonly info: DerNode;
  readonly signer: DerNode;
  readonly attributes: DerNode;
}

/** A token as parts that can be changed. */
export function openToken(bytes: Uint8Array): TokenParts {
  const token = parseOne(bytes);
  const signed = child(child(token, 1), 0);
  const signer = child(child(signed, (signed.children?.length ?? 1) - 1), 0);
  const info = child(child(child(signed, 2), 1), 0);
  return { token, info, signer, attributes: child(signer, 3) };
}

/** Writes the digest of the TSTInfo as it is now into the attributes. */
export function digestAnew({ info, attributes }: TokenParts): void {
  const content = info.children === undefined ? info.content : writeDer(child(info, 0));
  const digest = createHash('sha256').update(content).digest();
  const found = attributes.children?.find((one) => oidOf(one) === messageDigest);
  if (found?.children !== undefined)
    found.children[1] = { tag: 0x31, content: new Uint8Array(0), children: [parseOne(encodeOctetString(digest))] };
}

const messageDigest = '2a864886f70d010904';
const signingCertificateV2 = '2a864886f70d010910022f';
const oidOf = (node: DerNode): string => Buffer.from(node.children?.[0]?.content ?? []).toString('hex');

/** Signs the attributes as they are now, and writes the token. */
export function resignToken({ token, signer, attributes }: TokenParts, by: Issued): Bytes {
  const signature = signDerWith(by, writeDer({ ...attributes, tag: 0x31 }));
  (signer.children as DerNode[])[5] = parseOne(encodeOctetString(signature));
  return writeDer(token);
}

function child(node: DerNode, at: number): DerNode {
  const found = node.children?.[at];
  if (found === undefined) throw new Error(`no element ${at} below tag ${node.tag}`);
  return found;
}

/** A token with another certificate in its bag; the attribute that names the signer's certificate follows. */
export function exchangeCertificate(bytes: Uint8Array, certificate: Uint8Array, at: number, by: Issued): Bytes {
  const parts = openToken(bytes);
  const bag = child(child(child(parts.token, 1), 0), 3);
  (bag.children as DerNode[])[at] = asIs(certificate);
  if (at === 0) nameAnew(parts.attributes, certificate);
  return resignToken(parts, by);
}

/** Bytes that stand where an element would, whatever they are. */
function asIs(bytes: Uint8Array): DerNode {
  return { tag: bytes[0] as number, content: bytes, raw: true };
}

function nameAnew(attributes: DerNode, certificate: Uint8Array): void {
  const found = attributes.children?.find((one) => oidOf(one) === signingCertificateV2);
  const digest = createHash('sha256').update(certificate).digest();
  const octets = found === undefined ? undefined : everyNode(found).find(({ tag }) => tag === 0x04);
  if (octets === undefined) return;
  delete octets.children;
  octets.content = digest;
}
