import { ecdsaDerToP1363, fromDigestSigner, type Signer, SignerError } from '@notarykit/signature-envelope';

/** What the service says when it does not sign; `throttled` and `unavailable` may be tried again. */
const reasons = { 401: 'unauthenticated', 403: 'access-denied', 429: 'throttled', 503: 'unavailable' } as const;

/** Signs with the Wabbit Networks signing service: it takes digests in base64 and answers in base64, ECDSA in DER. */
export function wabbitSigner(url: string, token: string, certificateChain: readonly Uint8Array[]): Signer {
  return fromDigestSigner(certificateChain, async (digest, { keySpec, signal = null }) => {
    const body = JSON.stringify({ keySpec, digest: Buffer.from(digest).toString('base64') });
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/sign`, { method: 'POST', headers, body, signal });
    if (!response.ok) {
      const reason = reasons[response.status as keyof typeof reasons] ?? 'unknown';
      throw new SignerError(`the signing service answered ${response.status}`, { reason });
    }
    const signature = Buffer.from(await response.text(), 'base64');
    return keySpec.startsWith('EC') ? ecdsaDerToP1363(signature, keySpec) : signature;
  });
}
