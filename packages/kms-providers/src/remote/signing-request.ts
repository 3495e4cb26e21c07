import type { SignRequest } from '@notarykit/signature-envelope/internal';

/** What a key signs: an envelope, or a request for its certificate, for which RSA keys mostly use another scheme. */
export interface KeySigningRequest extends SignRequest {
  /** Default by the key: RSASSA-PSS or ECDSA. */
  readonly scheme?: 'rsassa-pss' | 'rsassa-pkcs1' | 'ecdsa';
}
