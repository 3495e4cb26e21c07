import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { encodeElement, encodeInteger, encodeNull, encodeOid, encodeSequence } from '@notarykit/pki/internal/asn1';
import type { Issued } from '@notarykit/testing';
import type { Foundry } from '../mutants/foundry.js';
import { put, remake } from './remake.js';

const pss = '1.2.840.113549.1.1.10';
const sha256 = (isNull: boolean): Uint8Array =>
  encodeSequence(encodeOid('2.16.840.1.101.3.4.2.1'), ...(isNull ? [encodeNull()] : []));
const pssAlgorithm = (hash: Uint8Array, mask: Uint8Array, salt: number): Uint8Array =>
  encodeSequence(
    encodeOid(pss),
    encodeSequence(
      encodeElement(0xa0, hash),
      encodeElement(0xa1, encodeSequence(encodeOid('1.2.840.113549.1.1.8'), mask)),
      encodeElement(0xa2, encodeInteger(salt)),
    ),
  );
export const pssWays: Readonly<Record<string, { readonly algorithm: Uint8Array; readonly salt: number }>> = {
  'NULL twice': { algorithm: pssAlgorithm(sha256(true), sha256(true), 32), salt: 32 },
  'NULL absent twice': { algorithm: pssAlgorithm(sha256(false), sha256(false), 32), salt: 32 },
  'NULL with the hash alone': { algorithm: pssAlgorithm(sha256(true), sha256(false), 32), salt: 32 },
  'NULL with the mask alone': { algorithm: pssAlgorithm(sha256(false), sha256(true), 32), salt: 32 },
  'longer salt': { algorithm: pssAlgorithm(sha256(true), sha256(true), 64), salt: 64 },
  'shorter salt': { algorithm: pssAlgorithm(sha256(true), sha256(true), 20), salt: 20 },
};

export function pssIssued(
  { rsa, rsaLeaf }: Foundry,
  { algorithm, salt }: { readonly algorithm: Uint8Array; readonly salt: number },
): Issued {
  const certificate = remake(rsaLeaf.certificate, rsa.issuer, put('algorithm', algorithm), { saltLength: salt });
  return { ...rsaLeaf, chain: [certificate, ...rsaLeaf.chain.slice(1)] as Issued['chain'] };
}

interface CaKey {
  readonly key: KeyObject;
  readonly algorithm: Uint8Array;
}

const ecdsa256 = encodeSequence(encodeOid('1.2.840.10045.4.3.2'));

export function caKeys(): Readonly<Record<string, CaKey>> {
  return {
    Ed25519: { key: generateKeyPairSync('ed25519').privateKey, algorithm: encodeSequence(encodeOid('1.3.101.112')) },
    'Ed25519 with NULL': {
      key: generateKeyPairSync('ed25519').privateKey,
      algorithm: encodeSequence(encodeOid('1.3.101.112'), encodeNull()),
    },
    'RSA with an exponent of 2^31+1': {
      key: generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 0x80000001 }).privateKey,
      algorithm: encodeSequence(encodeOid('1.2.840.113549.1.1.11'), encodeNull()),
    },
    'RSA with the exponent 3': {
      key: generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey,
      algorithm: encodeSequence(encodeOid('1.2.840.113549.1.1.11'), encodeNull()),
    },
    'RSA of 1,024 bits': {
      key: generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey,
      algorithm: encodeSequence(encodeOid('1.2.840.113549.1.1.11'), encodeNull()),
    },
    'P-224': { key: generateKeyPairSync('ec', { namedCurve: 'secp224r1' }).privateKey, algorithm: ecdsa256 },
  };
}

export const spkiOf = (key: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));

/** A leaf below an authority with a key of another kind, which the root issued. */
export function issuedBy({ lab, leaf }: Foundry, { key, algorithm }: CaKey): Issued {
  const authority = remake(lab.issuer.certificate, lab.root, put('key', spkiOf(key)));
  const certificate = remake(leaf.certificate, key, put('algorithm', algorithm));
  return { ...leaf, chain: [certificate, authority, lab.root.certificate] as Issued['chain'] };
}
