import { encodeBase64, utf8 } from '@notarykit/common';
import type { Authority, Issued } from '@notarykit/testing';
import { buildTimestampToken, createAuthority } from '@notarykit/testing';
import { parseOne } from '../../../forge/der-tree.js';
import { forgeJws } from '../../../forge/jws.js';
import type { Differential } from '../differential.js';

/** The keys, chains and the token that mutants are made from; all of them hold. */
export interface Foundry {
  readonly lab: Authority;
  readonly rsa: Authority;
  readonly leaf: Issued;
  readonly rsaLeaf: Issued;
  /** Its certificate ended, so that the timestamp decides. */
  readonly ended: Issued;
  readonly tsa: Issued;
  readonly stamped: {
    readonly header: object;
    readonly members: Readonly<Record<string, unknown>>;
    readonly token: Uint8Array;
  };
  readonly signers: readonly Issued[];
}

const place = { C: 'US', ST: 'WA', O: 'NotaryKit Test' };
const subjects = [
  place,
  { ...place, O: ' NotaryKit Test' },
  { ...place, O: 'NotaryKit\u00a0Test' },
  { ...place, O: 'NotaryKit Test\\' },
  { ...place, O: 'a,b+c' },
  { ...place, O: '#41' },
  { ...place, O: '"x"' },
  { ...place, O: 'x=y' },
  { ...place, O: 'München 漢字 😀' },
  { ...place, OU: ['A', 'B'] },
  { ...place, CN: 'a', L: 'Seattle', STREET: '1 Main', POSTALCODE: '9', SERIALNUMBER: '1' },
  { ...place, DC: 'x', UID: 'u' },
  { ...place, '1.2.3.4': 'v' },
];

/** Makes everything once. */
export async function createFoundry(differential: Differential): Promise<Foundry> {
  const lab = await createAuthority();
  const rsa = await createAuthority({ keySpec: 'RSA-2048' });
  const every = ['ca', 'signingAuthority', 'tsa'];
  differential.put('mutants', [lab.root.certificate, rsa.root.certificate], every);
  const ended = await lab.issueLeaf({ notAfter: new Date('2026-01-01T00:00:00Z') });
  const tsa = await lab.issueTimestamping();
  const signers: Issued[] = [];
  for (const subject of subjects) signers.push(await lab.issueLeaf({ subject }));
  return {
    lab,
    rsa,
    leaf: await lab.issueLeaf(),
    rsaLeaf: await rsa.issueLeaf({ keySpec: 'RSA-2048' }),
    ended,
    tsa,
    signers,
    stamped: await stamp(ended, tsa),
  };
}

async function stamp(ended: Issued, signer: Issued): Promise<Foundry['stamped']> {
  const { header, ...members } = JSON.parse(new TextDecoder().decode(await forgeJws(ended))) as {
    header: object;
    signature: string;
  };
  const signature = Uint8Array.from(Buffer.from(members.signature, 'base64url'));
  return {
    header,
    members,
    token: await buildTimestampToken(signature, { signer, genTime: new Date('2025-06-01T00:00:00Z') }),
  };
}

/** The signature of the ended certificate with a token. */
export function withToken({ header, members }: Foundry['stamped'], token: Uint8Array): Uint8Array {
  const unprotected = { ...header, 'io.cncf.notary.timestampSignature': encodeBase64(token) };
  return utf8(JSON.stringify({ ...members, header: unprotected }));
}

/** The to-be-signed part of a certificate. */
export function tbsOf(certificate: Uint8Array): ReturnType<typeof parseOne> {
  const [tbs] = parseOne(certificate).children ?? [];
  if (tbs === undefined) throw new Error('no certificate');
  return tbs;
}
