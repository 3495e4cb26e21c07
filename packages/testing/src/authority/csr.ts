import type { Bytes } from '@notarykit/common/internal';
import { CertificationRequest } from 'pkijs';

/** What a certification request asks for. */
export interface CsrContent {
  readonly subjectDer: Bytes;
  readonly spki: Bytes;
}

/**
 * Reads a PKCS#10 request and verifies that its key signed it (RFC 2986).
 *
 * @throws {Error} when it is not a request, or another key signed it
 */
export async function openCsr(der: Uint8Array): Promise<CsrContent> {
  const request = CertificationRequest.fromBER(der as Bytes);
  if (!(await request.verify())) throw new Error('expected a request signed by its own key, found another signature');
  return {
    subjectDer: new Uint8Array(request.subject.toSchema().toBER()),
    spki: new Uint8Array(request.subjectPublicKeyInfo.toSchema().toBER()),
  };
}
