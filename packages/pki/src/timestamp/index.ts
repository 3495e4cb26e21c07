export type { IssuerAndSerial, SignedData, SignerInfo } from './cms.js';
export {
  parseTimestampToken,
  type TimestampToken,
  type VerifiedTimestamp,
  type VerifyTimestampOptions,
  verifyTimestampToken,
} from './token.js';
export type { TstInfo } from './tst-info.js';
