import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '@notarykit/common';
import { parseCertificate } from '@notarykit/pki';
import {
  buildTimestampRequest,
  checkCrl,
  checkOcsp,
  encodeOcspRequest,
  openTimestampResponse,
  parseCrl,
  parseOcspResponse,
  verifyTimestampToken,
} from '@notarykit/pki/internal';
import {
  type Authority,
  type AuthorityServices,
  createAuthority,
  createAuthorityServices,
  type Issued,
} from '@notarykit/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { succeed } from './support/program.ts';

const base = 'http://pki.test';
const message = utf8('the bytes of a signature');

/** What `openssl ca` and `openssl ts` read: one authority, its list of certificates and its timestamping policy. */
const configuration = `
[ca]
default_ca = lab
[lab]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 1
[tsa]
default_tsa = stamping
[stamping]
serial = serial
signer_cert = tsa.pem
certs = root.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
`;

describe('openssl', () => {
  const folder = temporaryFolder();
  const openssl = (...args: string[]): Promise<string> => succeed('openssl', args, { cwd: folder });
  const read = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(folder, name)));
  const write = (name: string, content: Uint8Array | string): void => writeFileSync(join(folder, name), content);
  let authority: Authority;
  let services: AuthorityServices;
  let leaf: Issued;

  const get = async (url: string, body?: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> => {
    const { body: answer } = await services.fetch(url, body === undefined ? {} : { method: 'POST', body });
    return new Uint8Array(await new Response(answer as ReadableStream).arrayBuffer());
  };
  const parsed = () => ({
    certificate: parseCertificate(leaf.certificate),
    issuer: parseCertificate(authority.root.certificate),
    now: new Date(),
  });

  beforeAll(async () => {
    authority = await createAuthority({ intermediates: 0, keySpec: 'RSA-2048' });
    services = createAuthorityServices(authority);
    leaf = await authority.issueLeaf({ serialNumber: 0x1234n });
    const stamping = await authority.issueTimestamping({ keySpec: 'RSA-3072' });
    write('root.pem', authority.root.pem);
    write('root.key', authority.root.privateKeyPem);
    write('leaf.pem', leaf.pem);
    write('tsa.pem', stamping.pem);
    write('tsa.key', stamping.privateKeyPem);
    write('openssl.cnf', configuration);
    write('crlnumber', '01\n');
    write('serial', '01\n');
  });

  test('accepts the CRLs and OCSP answers of the test authority, and our request', async () => {
    write('list.crl', await get(services.crlUrl(base)));
    await openssl('crl', '-inform', 'der', '-in', 'list.crl', '-CAfile', 'root.pem', '-noout');
    const { certificate, issuer } = parsed();
    const request = await encodeOcspRequest(certificate, issuer);
    const delegate = await authority.issueOcspResponder();
    for (const fault of [{}, { signer: delegate, certificates: [delegate.certificate], responderId: 'key' as const }]) {
      services.misbehave({ ocsp: fault });
      write('answer.der', await get(services.ocspUrl(base), request));
      const files = ['-respin', 'answer.der', '-issuer', 'root.pem', '-cert', 'leaf.pem', '-CAfile', 'root.pem'];
      expect(await openssl('ocsp', ...files)).toContain('leaf.pem: good');
    }
  });

  test('accepts the timestamps of the test authority, for our request', async () => {
    const request = buildTimestampRequest(message, 'sha384');
    write('request.tsq', request.der);
    write('answer.tsr', await get(services.timestampUrl(base), request.der));
    write('message', message);
    const answer = ['-in', 'answer.tsr', '-CAfile', 'root.pem'];
    await openssl('ts', '-verify', '-queryfile', 'request.tsq', ...answer);
    await openssl('ts', '-verify', '-data', 'message', ...answer);
  });

  test.each([
    ['V', 'good'],
    ['R', 'revoked'],
  ])('its CRL and its OCSP answer are read as it means them: %s is %s', async (flag, expected) => {
    const revokedAt = flag === 'R' ? '240101000000Z,keyCompromise' : '';
    write('index.txt', `${flag}\t21191231235959Z\t${revokedAt}\t1234\tunknown\t/CN=leaf\n`);
    const ca = ['-config', 'openssl.cnf', '-cert', 'root.pem', '-keyfile', 'root.key'];
    await openssl('ca', '-gencrl', ...ca, '-out', 'list.pem');
    await openssl('crl', '-in', 'list.pem', '-outform', 'der', '-out', 'list.der');
    const { certificate, issuer, now } = parsed();
    const crl = await checkCrl({ base: parseCrl(read('list.der')) }, { certificate, issuers: [issuer], now });
    expect(crl.outcome).toBe(expected);
    write('request.der', await encodeOcspRequest(certificate, issuer));
    const signer = ['-rsigner', 'root.pem', '-rkey', 'root.key', '-CA', 'root.pem', '-index', 'index.txt'];
    await openssl('ocsp', ...signer, '-ndays', '1', '-reqin', 'request.der', '-respout', 'answer.der');
    const ocsp = await checkOcsp(parseOcspResponse(read('answer.der')), { certificate, issuer, now });
    expect(ocsp.outcome).toBe(expected);
  });

  test('its timestamps are valid', async () => {
    const request = buildTimestampRequest(message, 'sha384');
    write('request.tsq', request.der);
    await openssl('ts', '-reply', '-config', 'openssl.cnf', '-queryfile', 'request.tsq', '-out', 'answer.tsr');
    const { nonce } = request;
    const token = await openTimestampResponse(read('answer.tsr'), { message, hash: 'sha384', nonce });
    const stamp = await verifyTimestampToken(token, { message, hash: 'sha384', roots: [parsed().issuer] });
    expect(stamp.latest.getTime() - stamp.earliest.getTime()).toBe(2000);
  });
});
