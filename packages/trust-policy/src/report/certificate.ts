import { formatTime } from '@notarykit/common/internal';
import { type Certificate, formatName } from '@notarykit/pki/internal/core';
import type { CertificateFact } from '../facts.js';

const facts = new WeakMap<Certificate, CertificateFact>();

/** A certificate as reports name it; made once per certificate. */
export function certificateFact(certificate: Certificate): CertificateFact {
  const known = facts.get(certificate);
  if (known !== undefined) return known;
  const fact: CertificateFact = {
    subject: formatName(certificate.subject),
    issuer: formatName(certificate.issuer),
    fingerprint: certificate.fingerprint,
    serialNumber: certificate.serialNumber,
    notBefore: formatTime(certificate.notBefore),
    notAfter: formatTime(certificate.notAfter),
  };
  facts.set(certificate, fact);
  return fact;
}
