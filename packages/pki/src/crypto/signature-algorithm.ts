import type { Bytes } from '@notarykit/common/internal';
import {
  type DerElement,
  type DerReader,
  decodeOid,
  decodeUnsigned,
  derOf,
  encodeContext,
  encodeInteger,
  encodeNull,
  encodeOid,
  encodeSequence,
  readDerDocument,
  Tag,
} from '../asn1/index.js';
import { PkiError } from '../errors.js';
import { digestLength, type HashedParameters, type SignatureHash, type SignatureParameters } from './platform.js';
import { oidEd25519 } from './public-key.js';

const oidPss = '1.2.840.113549.1.1.10';
const oidMgf1 = '1.2.840.113549.1.1.8';

const byOid: ReadonlyMap<string, HashedParameters> = new Map<string, HashedParameters>([
  ['1.2.840.113549.1.1.5', { scheme: 'rsassa-pkcs1', hash: 'sha1' }],
  ['1.2.840.113549.1.1.11', { scheme: 'rsassa-pkcs1', hash: 'sha256' }],
  ['1.2.840.113549.1.1.12', { scheme: 'rsassa-pkcs1', hash: 'sha384' }],
  ['1.2.840.113549.1.1.13', { scheme: 'rsassa-pkcs1', hash: 'sha512' }],
  ['1.2.840.10045.4.1', { scheme: 'ecdsa', hash: 'sha1' }],
  ['1.2.840.10045.4.3.2', { scheme: 'ecdsa', hash: 'sha256' }],
  ['1.2.840.10045.4.3.3', { scheme: 'ecdsa', hash: 'sha384' }],
  ['1.2.840.10045.4.3.4', { scheme: 'ecdsa', hash: 'sha512' }],
]);

const hashOids: Readonly<Record<string, SignatureHash>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** What the check of a certificate signature accepts. */
export interface SignatureAlgorithmOptions {
  /** Accept SHA-1. Only for vectors of other people whose answers are signed with it. Default false. */
  readonly allowSha1?: boolean;
}

/**
 * The signature algorithm of an AlgorithmIdentifier, from an allow list: RSASSA-PKCS1 v1.5, RSASSA-PSS and ECDSA with SHA-256,
 * SHA-384 or SHA-512, and Ed25519. `undefined` for anything else.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`
 */
export function signatureParametersOf(
  algorithmIdentifier: Uint8Array,
  options: SignatureAlgorithmOptions = {},
): SignatureParameters | undefined {
  const content = readDerDocument(algorithmIdentifier, Tag.sequence, 'an AlgorithmIdentifier');
  const oid = decodeOid(content.element(Tag.oid, 'an algorithm'));
  const parameters = content.more ? content.any() : undefined;
  content.finish('an AlgorithmIdentifier');
  if (oid === oidPss) return parameters?.tag === Tag.sequence ? pssSignatureOf(derOf(parameters)) : undefined;
  // RFC 8410, 3: no parameters, not even NULL.
  if (oid === oidEd25519) return parameters === undefined ? { scheme: 'ed25519' } : undefined;
  const found = byOid.get(oid);
  // RFC 4055, 5: NULL, but a reader takes absent parameters too; RFC 5758, 3.2: absent.
  if (found === undefined || (parameters !== undefined && !isNull(parameters))) return undefined;
  return found.hash === 'sha1' && options.allowSha1 !== true ? undefined : found;
}

/** A salt is as long as the hash, as RFC 4055, 3.1, recommends it: other readers of certificates take no other. */
function pssSignatureOf(parameters: Bytes): SignatureParameters | undefined {
  const found = pssParametersOf(parameters);
  return found !== undefined && found.saltLength === digestLength(found.hash) ? found : undefined;
}

function isNull(element: DerElement): boolean {
  return element.tag === Tag.null && element.contentStart === element.end;
}

/**
 * RSASSA-PSS-params (RFC 4055, 3.1): one hash for message and MGF1, default trailer. NULL and absent parameters of the hash mean the
 * same (RFC 4055, 2.1). `undefined` for other combinations, the defaults (SHA-1) among them.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`
 */
export function pssParametersOf(
  parameters: Uint8Array,
): { scheme: 'rsassa-pss'; hash: SignatureHash; saltLength: number } | undefined {
  const content = readDerDocument(parameters, Tag.sequence, 'RSASSA-PSS parameters');
  const hashAlgorithm = explicit(content, 0);
  const maskAlgorithm = explicit(content, 1);
  const salt = explicit(content, 2);
  const trailer = explicit(content, 3);
  content.finish('RSASSA-PSS parameters');
  const hash = hashAlgorithm === undefined ? undefined : hashOf(derOf(hashAlgorithm));
  if (hash === undefined || maskAlgorithm === undefined || salt === undefined) return undefined;
  if (maskHashOf(derOf(maskAlgorithm)) !== hash) return undefined;
  if (trailer !== undefined && decodeUnsigned(trailer) !== 1) return undefined;
  const saltLength = decodeUnsigned(salt);
  return saltLength > 512 ? undefined : { scheme: 'rsassa-pss', hash, saltLength };
}

function explicit(reader: DerReader, number: number): DerElement | undefined {
  const content = reader.enterOptional(0xa0 | number);
  if (content === undefined) return undefined;
  const element = content.any();
  content.finish(`[${number}]`);
  return element;
}

function hashOf(algorithmIdentifier: Bytes): SignatureHash | undefined {
  const content = readDerDocument(algorithmIdentifier, Tag.sequence, 'a hash algorithm');
  const hash = hashOids[decodeOid(content.element(Tag.oid, 'a hash algorithm'))];
  const isPlain = !content.more || isNull(content.any());
  content.finish('a hash algorithm');
  return isPlain ? hash : undefined;
}

/** The hash of MGF1; `undefined` for another mask generation. */
function maskHashOf(algorithmIdentifier: Bytes): SignatureHash | undefined {
  const content = readDerDocument(algorithmIdentifier, Tag.sequence, 'a mask generation');
  if (decodeOid(content.element(Tag.oid, 'a mask generation')) !== oidMgf1) return undefined;
  const hash = hashOf(derOf(content.element(Tag.sequence, 'a hash algorithm')));
  content.finish('a mask generation');
  return hash;
}

function maskGeneration(hashAlgorithm: Bytes): Bytes {
  return encodeSequence(encodeOid(oidMgf1), hashAlgorithm);
}

/** The AlgorithmIdentifier that says these parameters. @throws {PkiError} `ERR_PKI_KEY` for SHA-1 with PSS */
export function encodeSignatureAlgorithm(parameters: SignatureParameters): Bytes {
  if (parameters.scheme === 'rsassa-pss') return encodePss(parameters.hash, parameters.saltLength);
  if (parameters.scheme === 'ed25519') return encodeSequence(encodeOid(oidEd25519));
  for (const [oid, known] of byOid) {
    if (known.scheme !== parameters.scheme || known.hash !== parameters.hash) continue;
    return parameters.scheme === 'ecdsa'
      ? encodeSequence(encodeOid(oid))
      : encodeSequence(encodeOid(oid), encodeNull());
  }
  throw new PkiError('ERR_PKI_KEY', `no algorithm identifier for ${parameters.scheme} with ${parameters.hash}`);
}

function encodePss(hash: SignatureHash, saltLength: number): Bytes {
  const oid = Object.keys(hashOids).find((key) => hashOids[key] === hash);
  if (oid === undefined) throw new PkiError('ERR_PKI_KEY', `no algorithm identifier for rsassa-pss with ${hash}`);
  const hashAlgorithm = encodeSequence(encodeOid(oid), encodeNull());
  return encodeSequence(
    encodeOid(oidPss),
    encodeSequence(
      encodeContext(0, hashAlgorithm),
      encodeContext(1, maskGeneration(hashAlgorithm)),
      encodeContext(2, encodeInteger(saltLength)),
    ),
  );
}
