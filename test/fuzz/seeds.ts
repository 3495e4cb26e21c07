import { createPrivateKey, KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeBase64, encodeBase64, readBytes, utf8 } from '@notarykit/common';
import { parseCertificate } from '@notarykit/pki';
import { encodeOcspRequest } from '@notarykit/pki/internal';
import { buildTimestampToken, createAuthority, createAuthorityServices, createTrustLab } from '@notarykit/testing';
import {
  authorityKeyIdentifier,
  basicConstraints,
  createIssuer,
  extendedKeyUsage,
  issue,
  issueRoot,
  keyUsage,
  subjectKeyIdentifier,
} from '../integration/pki/issue.ts';
import { type EnvelopeSeed, seedOf } from './envelope.ts';
import type { OnlineSeed } from './online.ts';

/** What the fuzz targets begin with. */
export interface Seeds {
  /** Leaf, authority and root, DER. */
  readonly chain: readonly Uint8Array[];
  readonly online: readonly OnlineSeed[];
  readonly jws: EnvelopeSeed;
  readonly cose: EnvelopeSeed;
}

const now = new Date('2025-06-01T12:00:00Z');
const message = utf8('the bytes of a signature');

/**
 * The seeds of a run: a short slice begins with those of `seeds.json`, so that it sees the same inputs each time; a run whose length
 * is given makes its own keys and certificates.
 */
export async function seedsOfRun(): Promise<Seeds> {
  const isLong = process.env['FUZZ_COUNT'] !== undefined || process.env['FUZZ_SECONDS'] !== undefined;
  return isLong ? makeSeeds() : readSeeds(readFileSync(new URL('./seeds.json', import.meta.url), 'utf8'));
}

/** New seeds, with their own keys. */
export async function makeSeeds(): Promise<Seeds> {
  const { leaf } = await createTrustLab();
  const key = KeyObject.from(leaf.privateKey);
  const [jws, cose] = [await seedOf(leaf, 'jws'), await seedOf(leaf, 'cose')];
  return { chain: makeChain(), online: await makeOnline(), jws: { bytes: jws, key }, cose: { bytes: cose, key } };
}

/** Leaf, authority (RSA) and root (EC), with every extension that the reader knows something of. */
function makeChain(): Uint8Array[] {
  const [root, authority, leaf] = [createIssuer(), createIssuer('Authority', 'rsa'), createIssuer()];
  const signer = issue(leaf, authority, {
    extensions: [keyUsage(0x80), extendedKeyUsage('1.3.6.1.5.5.7.3.3'), authorityKeyIdentifier(authority)],
  });
  const intermediate = issue(authority, root, {
    extensions: [
      basicConstraints(true, 1),
      keyUsage(0x06),
      authorityKeyIdentifier(root),
      subjectKeyIdentifier(authority),
    ],
  });
  const anchor = issueRoot(root, { extensions: [basicConstraints(true), keyUsage(0x06), subjectKeyIdentifier(root)] });
  return [signer, intermediate, anchor].map(({ der }) => der);
}

/** Good documents of an authority: tokens by two kinds of key, answers by the issuer and by a delegate, two CRLs. */
async function makeOnline(): Promise<OnlineSeed[]> {
  const authority = await createAuthority({ intermediates: 0 });
  const services = createAuthorityServices(authority, { now: () => now });
  const leaf = await authority.issueLeaf();
  const [certificate, issuer] = [parseCertificate(leaf.certificate), parseCertificate(authority.root.certificate)];
  const seed = (kind: OnlineSeed['kind'], der: Uint8Array<ArrayBuffer>): OnlineSeed => ({
    ...{ kind, der, certificate, issuer, message, now },
  });
  const get = async (url: string, body?: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> => {
    const answer = await services.fetch(url, body === undefined ? {} : { method: 'POST', body });
    return readBytes(answer.body as ReadableStream<Uint8Array>, { limit: 100_000 });
  };
  const request = await encodeOcspRequest(certificate, issuer);
  const seeds: OnlineSeed[] = [];
  for (const keySpec of ['EC-256', 'RSA-2048'] as const) {
    const signer = await authority.issueTimestamping({ keySpec });
    seeds.push(seed('token', await buildTimestampToken(message, { signer, genTime: now })));
  }
  seeds.push(seed('ocsp', await get(services.ocspUrl('http://pki.test'), request)));
  const signer = await authority.issueOcspResponder();
  services.misbehave({ ocsp: { signer, certificates: [signer.certificate] } });
  services.revoke(leaf, { reason: 'keyCompromise', invalidityDate: now });
  seeds.push(seed('ocsp', await get(services.ocspUrl('http://pki.test'), request)));
  seeds.push(seed('crl', await get(services.crlUrl('http://pki.test'))));
  services.misbehave({ crl: { revoked: [{ serialNumber: 1n }, { serialNumber: 2n, reason: 'superseded' }] } });
  seeds.push(seed('crl', await get(services.crlUrl('http://pki.test'))));
  return seeds;
}

interface SeedsDocument {
  readonly chain: readonly string[];
  readonly certificate: string;
  readonly issuer: string;
  readonly online: readonly { readonly kind: OnlineSeed['kind']; readonly der: string }[];
  /** PKCS #8, of a key that exists for this file alone. */
  readonly key: string;
  readonly jws: string;
  readonly cose: string;
}

/** Seeds as text, for a file. */
export function writeSeeds({ chain, online, jws, cose }: Seeds): string {
  const [first] = online as [OnlineSeed];
  const document: SeedsDocument = {
    chain: chain.map(encodeBase64),
    certificate: encodeBase64(first.certificate.der),
    issuer: encodeBase64(first.issuer.der),
    online: online.map(({ kind, der }) => ({ kind, der: encodeBase64(der) })),
    key: encodeBase64(jws.key.export({ format: 'der', type: 'pkcs8' })),
    jws: encodeBase64(jws.bytes),
    cose: encodeBase64(cose.bytes),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The seeds of a file. */
export function readSeeds(text: string): Seeds {
  const document = JSON.parse(text) as SeedsDocument;
  const key = createPrivateKey({ key: Buffer.from(document.key, 'base64'), format: 'der', type: 'pkcs8' });
  const [certificate, issuer] = [document.certificate, document.issuer].map((one) =>
    parseCertificate(decodeBase64(one)),
  );
  if (certificate === undefined || issuer === undefined) throw new Error('seeds.json holds no certificates');
  return {
    chain: document.chain.map((one) => decodeBase64(one)),
    online: document.online.map(({ kind, der }) => ({
      kind,
      der: decodeBase64(der),
      certificate,
      issuer,
      message,
      now,
    })),
    jws: { bytes: decodeBase64(document.jws), key },
    cose: { bytes: decodeBase64(document.cose), key },
  };
}
