import { type Bytes, hash } from '@notarykit/common/internal';
import { algorithmOf } from '../algorithms.js';
import type { SignRequest } from '../signer.js';

/** The digest that a digest-only key service signs: the request's payload under the hash of its key spec. */
export function digestOfRequest(request: Pick<SignRequest, 'payload' | 'keySpec'>): Bytes {
  return hash(algorithmOf(request.keySpec).hash, request.payload);
}
