import { readBytes, utf8 } from '@notarykit/common';
import { encodeOcspRequest, parseCertificate } from '@notarykit/pki';
import { buildTimestampToken, createAuthority, createAuthorityServices } from '@notarykit/testing';
import { expect, test } from 'vitest';
import { type OnlineSeed, onlineTarget } from '../../fuzz/online.ts';
import { fuzz, fuzzOptions } from '../../fuzz/run.ts';

const now = new Date('2025-06-01T12:00:00Z');
const message = utf8('the bytes of a signature');
const { seconds, ...rest } = fuzzOptions(4000);

/** Good documents of an authority: tokens by two kinds of key, answers by the issuer and by a delegate, two CRLs. */
async function seedsOf(): Promise<OnlineSeed[]> {
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

test(
  'FZ4 tokens, OCSP answers and CRLs: only coded errors, nothing slow, nothing changed is accepted',
  async () => {
    const target = onlineTarget(await seedsOf());
    await target.prepare();
    const report = await fuzz(target, { ...rest, seconds });
    process.stdout.write(`FZ4 online: ${JSON.stringify(report)}\n`);
    expect(report.inputs).toBeGreaterThan(0);
    expect(report.accepted).toBeLessThan(report.inputs);
  },
  (seconds + 60) * 1000,
);
