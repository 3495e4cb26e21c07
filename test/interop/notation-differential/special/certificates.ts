import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { concatBytes, utf8 } from '@notarykit/common';
import {
  encodeElement,
  encodeInteger,
  encodeNull,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeSet,
} from '@notarykit/pki/asn1';
import {
  basicConstraints,
  type ExtensionSpec,
  extendedKeyUsage,
  type Issued,
  keyUsage,
  purposes,
} from '@notarykit/testing';
import { type DerNode, parseOne } from '../../../forge/der-tree.js';
import { hexBytes } from '../../../forge/hex.js';
import { forgeJws } from '../../../forge/jws.js';
import { type AnySigner, resignCertificate, type SigningWay, signDerWith } from '../../../forge/resign.js';
import { type Case, jwsType, policyOf } from '../case.js';
import type { Differential } from '../differential.js';
import { type Foundry, tbsOf } from '../mutants/foundry.js';

type Change = (fields: DerNode[]) => void;
const at = { serial: 1, algorithm: 2, issuer: 3, validity: 4, subject: 5, key: 6, extensions: 7 } as const;

/** A certificate with other fields, signed anew. */
function remake(certificate: Uint8Array, issuer: AnySigner, change: Change, way: SigningWay = {}): Uint8Array {
  const tbs = tbsOf(certificate);
  change(tbs.children as DerNode[]);
  return resignCertificate(tbs, issuer, way);
}

const put =
  (field: keyof typeof at, der: Uint8Array): Change =>
  (fields) =>
    void fields.splice(at[field], 1, parseOne(der));
const rdn = (...attributes: readonly Uint8Array[]): Uint8Array => encodeSet(...attributes);
const attribute = (type: string, value: Uint8Array): Uint8Array => encodeSequence(encodeOid(type), value);
const types = { C: '2.5.4.6', ST: '2.5.4.8', O: '2.5.4.10', CN: '2.5.4.3' };
const text = (tag: number, value: string): Uint8Array => encodeElement(tag, utf8(value));
const place = [rdn(attribute(types.C, text(0x13, 'US'))), rdn(attribute(types.ST, text(0x0c, 'WA')))];
const subject = (...more: readonly Uint8Array[]): Change => put('subject', encodeSequence(...place, ...more));
const organization = (value: Uint8Array): Change => subject(rdn(attribute(types.O, value)));

const serial =
  (octet: number): Change =>
  (fields) =>
    void fields.splice(at.serial, 1, { tag: 2, content: Uint8Array.of(octet) });

/** Other fields of the signer's certificate. */
const signers: Readonly<Record<string, Change>> = {
  'several attributes in one RDN': put(
    'subject',
    encodeSequence(
      rdn(attribute(types.C, text(0x13, 'US')), attribute(types.ST, text(0x0c, 'WA'))),
      rdn(attribute(types.O, text(0x0c, 'NotaryKit Test'))),
    ),
  ),
  'Teletex organization': organization(text(0x14, 'NotaryKit Test')),
  'control character': subject(
    rdn(attribute(types.O, text(0x0c, 'NotaryKit Test'))),
    rdn(attribute(types.CN, text(0x0c, 'a\u0001'))),
  ),
  'IA5 organization': organization(text(0x16, 'NotaryKit Test')),
  'numeric organization': organization(text(0x12, '12')),
  'BMP organization': organization(encodeElement(0x1e, utf16('NotaryKit Test'))),
  'BMP with half a character': organization(encodeElement(0x1e, hexBytes('d83d0041'))),
  'visible string': organization(text(0x1a, 'NotaryKit Test')),
  'universal string': organization(encodeElement(0x1c, hexBytes('0000004e'))),
  'organization that is a number': organization(encodeInteger(5)),
  'organization that is bytes': organization(encodeOctetString(utf8('NotaryKit Test'))),
  'negative serial number': serial(0xff),
  'serial number 0': serial(0),
  'arc of 2^31': subject(
    rdn(attribute(types.O, text(0x0c, 'NotaryKit Test'))),
    rdn(attribute('1.2.2147483648', text(0x0c, 'x'))),
  ),
  'UTCTime without seconds': put('validity', encodeSequence(text(0x17, '2001010000Z'), text(0x17, '491231235959Z'))),
  'UTCTime with an offset': put(
    'validity',
    encodeSequence(text(0x17, '200101000000+0100'), text(0x17, '491231235959Z')),
  ),
  'GeneralizedTime before 2050': put(
    'validity',
    encodeSequence(text(0x18, '20200101000000Z'), text(0x18, '20491231235959Z')),
  ),
  'parameters of an algorithm that are not DER': put(
    'algorithm',
    encodeSequence(encodeOid('1.2.840.10045.4.3.2'), encodeElement(0x01, Uint8Array.of(1))),
  ),
  'parameters of an algorithm that are no number': put(
    'algorithm',
    encodeSequence(encodeOid('1.2.840.10045.4.3.2'), encodeElement(0x02)),
  ),
  'an element after the last': (fields) => void fields.push(parseOne(encodeNull())),
};

/** ASCII as UTF-16. */
function utf16(value: string): Uint8Array {
  return concatBytes(Array.from(utf8(value), (octet) => Uint8Array.of(0, octet)));
}

type Extensions = (defaults: readonly ExtensionSpec[]) => readonly ExtensionSpec[];
const without = (list: readonly ExtensionSpec[], oid: string): readonly ExtensionSpec[] =>
  list.filter((one) => one.oid !== oid);
const exchange =
  (one: ExtensionSpec): Extensions =>
  (list) => [...without(list, one.oid), one];
const other = (oid: string, value: Uint8Array, critical = false): Extensions => exchange({ oid, critical, value });

/** Other extensions of the signer's certificate. */
const extensions: Readonly<Record<string, Extensions>> = {
  anyExtendedKeyUsage: exchange(extendedKeyUsage([purposes.any])),
  'code signing and any': exchange(extendedKeyUsage([purposes.codeSigning, purposes.any])),
  'code signing and an unknown one': exchange(extendedKeyUsage([purposes.codeSigning, '1.2.3.4'])),
  'no extended key usage': (list) => without(list, '2.5.29.37'),
  'key usage not critical': exchange(keyUsage(['digitalSignature'], false)),
  'key usage of a CA': exchange(keyUsage(['digitalSignature', 'keyCertSign'])),
  'key usage with content commitment': exchange(keyUsage(['digitalSignature', 'contentCommitment'])),
  'no basic constraints': (list) => without(list, '2.5.29.19'),
  'basic constraints not critical': exchange(basicConstraints({ ca: false, critical: false })),
  'malformed key identifier': other('2.5.29.14', hexBytes('0000')),
  'malformed authority key identifier': other('2.5.29.35', hexBytes('0500')),
  'malformed name constraints': other('2.5.29.30', hexBytes('0500')),
  'malformed alternative name': other('2.5.29.17', hexBytes('0500')),
  'malformed policies': other('2.5.29.32', hexBytes('0500')),
  'malformed distribution points': other('2.5.29.31', hexBytes('0500')),
  'malformed authority information': other('1.3.6.1.5.5.7.1.1', hexBytes('0500')),
  'critical authority information': other('1.3.6.1.5.5.7.1.1', hexBytes('3000'), true),
  'critical key identifier': other('2.5.29.14', hexBytes('040101'), true),
  'critical authority key identifier': other('2.5.29.35', hexBytes('3000'), true),
  'critical distribution points': other('2.5.29.31', hexBytes('3000'), true),
  'unknown critical extension': other('1.2.3.4', hexBytes('0500'), true),
  'critical FALSE': (list) => [...list, { oid: '1.2.3.5', critical: false, value: hexBytes('0500') }],
  'large certificate': other('1.2.3.6', new Uint8Array(70_000)),
};

/** Other extensions of the issuing authority. */
const authorities: Readonly<Record<string, Extensions>> = {
  'basic constraints of a CA not critical': exchange(basicConstraints({ ca: true, critical: false })),
  'key usage of a CA not critical': exchange(keyUsage(['keyCertSign'], false)),
  'path length 0': exchange(basicConstraints({ ca: true, pathLength: 0 })),
  'malformed key identifier of a CA': other('2.5.29.14', hexBytes('0000')),
  'CA with an unknown critical extension': other('1.2.3.4', hexBytes('0500'), true),
};

/** The cases of certificates, each by itself. */
export async function certificateCases(foundry: Foundry, differential: Differential): Promise<Case[]> {
  const { lab, leaf } = foundry;
  const cases: Case[] = [];
  const add = async (
    name: string,
    signer: Pick<Issued, 'chain' | 'signer' | 'keySpec'>,
    more: { store?: string; rows?: readonly string[]; header?: object } = {},
  ): Promise<void> => {
    const bytes = await forgeJws(signer as Issued, { protected: (header) => ({ ...header, ...more.header }) });
    const policy = policyOf(more.store ?? 'mutants');
    const certificate = signer.chain[0] as Uint8Array;
    cases.push({
      kind: 'certificates',
      name,
      policy,
      envelope: { name, bytes, mediaType: jwsType },
      leaf: certificate,
      ...(more.rows === undefined ? {} : { rows: more.rows }),
    });
  };
  const chained = (first: Uint8Array): Pick<Issued, 'chain' | 'signer' | 'keySpec'> => ({
    ...leaf,
    chain: [first, ...leaf.chain.slice(1)] as Issued['chain'],
  });
  for (const [name, change] of Object.entries(signers))
    await add(name, chained(remake(leaf.certificate, lab.issuer, change)));
  for (const [name, change] of Object.entries(extensions)) await add(name, await lab.issueLeaf({ extensions: change }));
  for (const [name, change] of Object.entries(authorities))
    await add(name, await lab.issueLeaf({ issuer: await lab.issueCa({ issuer: lab.root, extensions: change }) }));
  await add('byte after a certificate', chained(concatBytes([leaf.certificate, Uint8Array.of(0)])));
  const end = new Date('2025-06-01T00:00:00Z');
  await add('half a second after the end of a certificate', await lab.issueLeaf({ notAfter: end }), {
    header: authentic('2025-06-01T00:00:00.5Z'),
    rows: ['the last second'],
  });
  await add('a second after the end of a certificate', await lab.issueLeaf({ notAfter: end }), {
    header: authentic('2025-06-01T00:00:01Z'),
  });
  await add('chain of eleven', await longChain(foundry));
  for (const [name, way] of Object.entries(pssWays))
    await add(`RSASSA-PSS in a certificate, ${name}`, pssIssued(foundry, way));
  for (const [name, key] of Object.entries(caKeys()))
    await add(`authority with a key of ${name}`, issuedBy(foundry, key));
  await addSelfSigned(foundry, differential, add);
  return cases;
}

const authentic = (time: string): object => ({
  'io.cncf.notary.signingTime': undefined,
  'io.cncf.notary.signingScheme': 'notary.x509.signingAuthority',
  'io.cncf.notary.authenticSigningTime': time,
  crit: ['io.cncf.notary.signingScheme', 'io.cncf.notary.authenticSigningTime'],
});

async function longChain({ lab }: Foundry): Promise<Issued> {
  let issuer = lab.root;
  for (let i = 0; i < 9; i++)
    issuer = await lab.issueCa({ issuer, subject: { C: 'US', O: 'NotaryKit Test', CN: `CA ${i}` } });
  return lab.issueLeaf({ issuer });
}

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
const pssWays: Readonly<Record<string, { readonly algorithm: Uint8Array; readonly salt: number }>> = {
  'NULL twice': { algorithm: pssAlgorithm(sha256(true), sha256(true), 32), salt: 32 },
  'NULL absent twice': { algorithm: pssAlgorithm(sha256(false), sha256(false), 32), salt: 32 },
  'NULL with the hash alone': { algorithm: pssAlgorithm(sha256(true), sha256(false), 32), salt: 32 },
  'NULL with the mask alone': { algorithm: pssAlgorithm(sha256(false), sha256(true), 32), salt: 32 },
  'longer salt': { algorithm: pssAlgorithm(sha256(true), sha256(true), 64), salt: 64 },
  'shorter salt': { algorithm: pssAlgorithm(sha256(true), sha256(true), 20), salt: 20 },
};

function pssIssued(
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

function caKeys(): Readonly<Record<string, CaKey>> {
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

const spkiOf = (key: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));

/** A leaf below an authority with a key of another kind, which the root issued. */
function issuedBy({ lab, leaf }: Foundry, { key, algorithm }: CaKey): Issued {
  const authority = remake(lab.issuer.certificate, lab.root, put('key', spkiOf(key)));
  const certificate = remake(leaf.certificate, key, put('algorithm', algorithm));
  return { ...leaf, chain: [certificate, authority, lab.root.certificate] as Issued['chain'] };
}

type Add = (name: string, signer: Issued, more?: { store?: string }) => Promise<void>;

/** Chains of one, and stores that hold what cannot be used beside what can. */
async function addSelfSigned({ lab, leaf }: Foundry, differential: Differential, add: Add): Promise<void> {
  const alone = await lab.issueSelfSigned();
  const sha1 = encodeSequence(encodeOid('1.2.840.10045.4.1'));
  const weak = remake(alone.certificate, alone, put('algorithm', sha1), { hash: 'sha1' });
  differential.put('self', [alone.certificate]);
  differential.put('self-sha1', [weak]);
  differential.put('beside-sha1', [lab.root.certificate, weak]);
  await add('self-signed', alone, { store: 'self' });
  await add('self-signed, SHA-1', { ...alone, chain: [weak] as Issued['chain'] }, { store: 'self-sha1' });
  await add('beside a self-signed leaf with SHA-1', leaf, { store: 'beside-sha1' });
  await addRsa2047(alone, differential, add);
  for (const [name, { key, algorithm }] of Object.entries(caKeys())) {
    const certificate = remake(alone.certificate, key, (fields) => {
      put('key', spkiOf(key))(fields);
      put('algorithm', algorithm)(fields);
    });
    const store = `beside-${name.replaceAll(/[^A-Za-z0-9]/g, '-')}`;
    differential.put(store, [lab.root.certificate, certificate]);
    await add(`beside a self-signed leaf of ${name}`, leaf, { store });
  }
}

/** A chain of one with a key of 2047 bits, which signs by PS256. */
async function addRsa2047(alone: Issued, differential: Differential, add: Add): Promise<void> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2047 });
  const certificate = remake(alone.certificate, privateKey, (fields) => {
    put('key', spkiOf(privateKey))(fields);
    put('algorithm', encodeSequence(encodeOid('1.2.840.113549.1.1.11'), encodeNull()))(fields);
  });
  differential.put('self-2047', [certificate]);
  const sign: Issued['signer']['sign'] = ({ payload }) =>
    Promise.resolve({
      signature: signDerWith(privateKey, payload, { saltLength: 32 }),
      certificateChain: [certificate],
    });
  const chain = [certificate] as Issued['chain'];
  const signer = { ...alone.signer, sign };
  await add('self-signed, RSA of 2047 bits', { ...alone, keySpec: 'RSA-2048', chain, signer }, { store: 'self-2047' });
}
