import { CodedError } from '@notarykit/common/internal';
import type { Certificate } from '@notarykit/pki/internal/core';
import { EnvelopeError } from './errors.js';
import { overLimit } from './failures.js';
import type { ResolvedLimits } from './limits.js';

/** Reads the certificates of an envelope, leaf first, within their limits. */
export function readChain<T>(
  name: string,
  list: readonly T[],
  limits: ResolvedLimits,
  read: (entry: T, where: string) => Certificate,
): readonly Certificate[] {
  if (list.length === 0) throw new EnvelopeError('ERR_ENVELOPE_CHAIN', `${name}: expected at least one certificate`);
  if (list.length > limits.certificates) throw overLimit(name, limits.certificates, list.length, 'certificates');
  return list.map((entry, i) => readOne(entry, `${name}[${i}]`, read));
}

function readOne<T>(entry: T, where: string, read: (entry: T, where: string) => Certificate): Certificate {
  try {
    return read(entry, where);
  } catch (cause) {
    if (!(cause instanceof CodedError) || !cause.code.startsWith('ERR_PKI_')) throw cause;
    throw new EnvelopeError('ERR_ENVELOPE_CHAIN', `${where}: ${cause.message}`, { cause });
  }
}
