import { generateKeyPairSync } from 'node:crypto';
import { concatBytes } from '@notarykit/common';
import { encodeNull, encodeOid, encodeSequence } from '@notarykit/pki/internal/asn1';
import type { Issued } from '@notarykit/testing';
import { forgeJws } from '../../../forge/jws.js';
import { signDerWith } from '../../../forge/resign.js';
import { type Case, jwsType, policyOf } from '../case.js';
import type { Differential } from '../differential.js';
import type { Foundry } from '../mutants/foundry.js';
import { authorities, extensions } from './extensions.js';
import { changedFields } from './fields.js';
import { caKeys, issuedBy, pssIssued, pssWays, spkiOf } from './keys.js';
import { put, remake } from './remake.js';

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
  for (const [name, change] of Object.entries(changedFields))
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
