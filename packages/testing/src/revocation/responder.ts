import { type Bytes, defined, equalBytes } from '@notarykit/common/internal';
import { OCSPRequest } from 'pkijs';
import type { Issued } from '../authority/authority.js';
import type { ServiceState } from '../authority/service-state.js';
import type { Revocation } from './crl.js';
import { buildOcspResponse, certIdOf, type OcspResponseOptions, type SingleResponse } from './ocsp-response.js';

/** How an OCSP responder misbehaves. */
export interface OcspFault extends Partial<Omit<OcspResponseOptions, 'nonce'>> {
  /** Changes what is said of the certificate: another identifier, status, time … */
  readonly responses?: (defaults: readonly SingleResponse[]) => readonly SingleResponse[];
  /** `echo` repeats the nonce of the request (the default), `drop` leaves it out; bytes replace it. */
  readonly nonce?: 'echo' | 'drop' | Uint8Array;
  /** Sent in place of an answer. */
  readonly body?: Uint8Array;
}

/** Answers an OCSP request, by what is revoked and by the faults asked for. */
export async function answerOcsp(request: Uint8Array, state: ServiceState, fault: OcspFault = {}): Promise<Bytes> {
  if (fault.body !== undefined) return fault.body as Bytes;
  const { certId, serialNumber, nonce } = readRequest(request);
  const now = state.now();
  const issuer = await issuerOf(certId, serialNumber, state.authorities);
  const { responses: change, nonce: _, body: __, ...says } = fault;
  if (issuer === undefined) {
    const signer = state.authorities[0] as Issued;
    return buildOcspResponse([], { signer, now, ...says, responseStatus: says.responseStatus ?? 'unauthorized' });
  }
  const single: SingleResponse = { certId, status: statusOf(serialNumber, issuer, state) };
  const own = nonceOf(fault, nonce);
  const options = { signer: issuer, now, ...says, ...defined({ nonce: own }) };
  return buildOcspResponse(change?.([single]) ?? [single], options);
}

function nonceOf({ nonce = 'echo' }: OcspFault, asked: Bytes | undefined): Uint8Array | undefined {
  return nonce === 'drop' ? undefined : nonce === 'echo' ? asked : nonce;
}

function readRequest(der: Uint8Array): { certId: Bytes; serialNumber: bigint; nonce: Bytes | undefined } {
  const { requestList, requestExtensions } = OCSPRequest.fromBER(der as Bytes).tbsRequest;
  const certId = requestList[0]?.reqCert;
  if (certId === undefined) throw new Error('expected an OCSP request about a certificate, found one about none');
  const nonce = requestExtensions?.find(({ extnID }) => extnID === '1.3.6.1.5.5.7.48.1.2')?.extnValue;
  return {
    certId: new Uint8Array(certId.toSchema().toBER()),
    serialNumber: certId.serialNumber.toBigInt(),
    // The value is an OCTET STRING of its own, two bytes of header for a short nonce.
    nonce: nonce === undefined ? undefined : new Uint8Array(nonce.valueBlock.valueHexView).slice(2),
  };
}

async function issuerOf(
  certId: Bytes,
  serialNumber: bigint,
  authorities: readonly Issued[],
): Promise<Issued | undefined> {
  for (const authority of authorities) {
    if (equalBytes(await certIdOf(authority, serialNumber), certId)) return authority;
  }
  return undefined;
}

function statusOf(serialNumber: bigint, issuer: Issued, { revocations }: ServiceState): 'good' | Revocation {
  for (const [certificate, revocation] of revocations) {
    const isOwn = equalBytes(certificate.issuerDer, issuer.subjectDer);
    if (isOwn && certificate.serialNumber === serialNumber) return revocation;
  }
  return 'good';
}
