import { quote } from '@notarykit/common/internal';
import type { TimeSource } from '../facts.js';
import type { FactTable } from './fact-table.js';

const sources: Readonly<Record<TimeSource, string>> = {
  verification: 'the time of verification',
  authenticSigningTime: 'the authentic signing time',
  timestamp: 'the time of the timestamp',
};

/** Words for facts about dates. */
export const timeFacts: FactTable<
  | 'expired'
  | 'certificateExpired'
  | 'certificateNotYetValid'
  | 'timestampMissing'
  | 'timestampRefused'
  | 'timestampOutsideValidity'
> = {
  expired: ({ expiry, now }) => ({
    message: `the signature expired on ${expiry}; it is ${now}`,
    remedy: 'sign the artifact again, or verify as of a date before the expiry',
  }),
  certificateExpired: ({ certificate, time, timeSource }) => ({
    message: `certificate ${quote(certificate.subject)} expired on ${certificate.notAfter}; ${sources[timeSource]} is ${time}`,
    remedy:
      timeSource === 'verification'
        ? 'sign with a timestamp and add a "tsa:" trust store, so that signatures outlive their certificates; or sign again with a valid certificate'
        : 'sign again with a certificate that is valid',
  }),
  certificateNotYetValid: ({ certificate, time, timeSource }) => ({
    message: `certificate ${quote(certificate.subject)} is valid from ${certificate.notBefore} only; ${sources[timeSource]} is ${time}`,
    remedy: 'check the clock of this machine; or sign with a certificate that is valid already',
  }),
  timestampMissing: ({ stores }) => ({
    message: `the signature has no timestamp, and the statement names ${stores.map(quote).join(', ')}`,
    remedy:
      'sign again with a timestamp of one of these authorities; or set verifyTimestamp to "afterCertExpiry", which asks for it only once a certificate has expired; or remove the "tsa:" stores',
  }),
  timestampRefused: ({ message, code }) => ({
    message: `the timestamp is not valid: ${message} (${code})`,
    remedy:
      'add the root certificate of the timestamp authority to a "tsa:" store if it is to be trusted, or sign again with a timestamp',
  }),
  timestampOutsideValidity: ({ certificate, earliest, latest, side }) => ({
    message: `the timestamp (${earliest} to ${latest}) can lie ${side} the validity of certificate ${quote(certificate.subject)} (${certificate.notBefore} to ${certificate.notAfter})`,
    remedy: 'sign again with a certificate that is valid at the time of signing',
  }),
};
