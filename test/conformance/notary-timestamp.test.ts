import { type Fetch, isCodedError, utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { type Certificate, createHttpTimestamper, parseCertificates } from '@notarykit/pki';
import { openTimestampResponse, verifyTimestampToken } from '@notarykit/pki/internal';
import { decodeEnvelope } from '@notarykit/signature-envelope';
import { checkTimestampingChain } from '@notarykit/signature-envelope/internal';
import { expect, test } from 'vitest';
import { countVectors, vectorBytes, vectorJson, vectorSet } from '../vectors.ts';

/** Stricter on purpose: the reference takes the first signer info that verifies. */
const differences: Readonly<Record<string, string>> = {
  'tspclient-go/internal/cms/testdata/TimeStampTokenWithAnInvalidAndAValidSignerInfo.p7s': 'two signers',
  'tspclient-go/testdata/TimeStampTokenWithValidAndInvalidSignerInfos.p7s': 'two signers',
};

const message = utf8('notation');
const at = new Date('2024-01-09T00:00:00Z');
const roots = (): Certificate[] =>
  parseCertificates(vectorBytes('notary', 'tspclient-go', 'testdata', 'GlobalSignRootCA.crt'));

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    return isCodedError(error) ? error.code : String(error);
  }
}

async function verify(file: string): Promise<void> {
  const token = vectorBytes('notary', ...file.split('/'));
  const { certificateChain } = await verifyTimestampToken(token, { message, roots: roots(), at });
  await checkTimestampingChain(certificateChain);
}

vectorSet('notary', 'notary/tspclient-go', () => {
  test('timestamp: every token gives the verdict of the reference, or the stricter one that is listed', async (context) => {
    const tokens = vectorJson('notary', 'expected.json').timestampTokens as Record<string, string>;
    for (const [file, text] of Object.entries(tokens)) {
      const isGood = text.includes("validate('notation')=<nil> | verify ok") && !(file in differences);
      const code = await codeOf(verify(file));
      expect.soft(`${file} ${code === 'ok'}`).toBe(`${file} ${isGood}`);
      if (!isGood) expect.soft(code, file).toMatch(/^ERR_PKI_/);
    }
    const total = Object.keys(tokens).length;
    countVectors(context, total, total);
  });

  test('timestamp: the base token says its time and accuracy', async () => {
    const token = vectorBytes('notary', 'tspclient-go', 'testdata', 'TimeStampToken.p7s');
    const stamp = await verifyTimestampToken(token, { message, roots: roots() });
    expect(stamp.time).toEqual(new Date('2021-09-17T14:09:10Z'));
    expect(stamp.earliest).toEqual(new Date('2021-09-17T14:09:09Z'));
    expect(stamp.latest).toEqual(new Date('2021-09-17T14:09:11Z'));
    expect(stamp.policy).toBe('1.3.6.1.4.1.4146.2.3');
    expect(stamp.certificateChain).toHaveLength(4);
  });

  test.each(['granted.tsq', 'rejection.tsq', 'malformed.tsq', 'validResponseWithSigningCertificateV1.tsr'])(
    'timestamp: an old answer (%s) is not an answer to a new request',
    async (file) => {
      const bytes = vectorBytes('notary', 'tspclient-go', 'testdata', file);
      const headers = new Headers({ 'content-type': 'application/timestamp-reply' });
      const fetch: Fetch = async (url) => ({ status: 200, headers, url, body: streamOf(bytes) });
      const timestamper = createHttpTimestamper({ url: 'http://tsa.test', roots: roots(), fetch });
      await expect(timestamper.timestamp(message, 'sha256')).rejects.toMatchObject({ code: 'ERR_PKI_TSA' });
    },
  );

  test('timestamp: a rejection says why', async () => {
    const rejection = vectorBytes('notary', 'tspclient-go', 'testdata', 'rejection.tsq');
    const opened = openTimestampResponse(rejection, { message, hash: 'sha256', nonce: new Uint8Array(1) });
    await expect(opened).rejects.toThrow(/rejection \(badAlg\)/);
  });

  test.each([
    ['jwsWithTimestamp.sig', 'application/jose+json'],
    ['coseWithTimestamp.sig', 'application/cose'],
    ['jwsExpiredWithTimestamp.sig', 'application/jose+json'],
    ['coseExpiredWithTimestamp.sig', 'application/cose'],
  ])('timestamp: the countersignature of %s is valid over the signature bytes only', async (file, mediaType) => {
    const folder = ['notary', 'notation-go', 'verifier', 'testdata'];
    const envelope = decodeEnvelope(vectorBytes(...folder, 'timestamp', 'sigEnv', file), mediaType);
    const token = envelope.unsignedAttributes.timestampSignature as Uint8Array;
    const stores = [...folder, 'truststore', 'x509', 'tsa'];
    const trusted = parseCertificates(vectorBytes(...stores, 'test-timestamp', 'globalsignRoot.cer'));
    const other = parseCertificates(vectorBytes(...stores, 'test-mismatch', 'DigiCertTSARootSHA384.cer'));
    const { signature } = envelope;
    const stamp = await verifyTimestampToken(token, { message: signature, roots: trusted });
    await checkTimestampingChain(stamp.certificateChain);
    expect(await codeOf(verifyTimestampToken(token, { message: signature, roots: other }))).toBe('ERR_PKI_CHAIN');
    expect(await codeOf(verifyTimestampToken(token, { message, roots: trusted }))).toBe('ERR_PKI_TIMESTAMP');
  });
});
