import type { Bytes } from '@notarykit/common';
import type { Certificate } from '@notarykit/pki';
import { parseCached } from './certificate-cache.js';
import { EnvelopeError } from './errors.js';
import { overLimit } from './failures.js';
import type { ResolvedLimits } from './limits.js';

/** Parses the certificates of an envelope, leaf first, within their limits. */
export function readChain<T>(
  name: string,
  list: readonly T[],
  limits: ResolvedLimits,
  toDer: (entry: T, where: string) => Bytes,
): readonly Certificate[] {
  if (list.length === 0) throw new EnvelopeError('ERR_ENVELOPE_CHAIN', `${name}: expected a certificate at least`);
  if (list.length > limits.certificates) throw overLimit(name, limits.certificates, list.length, 'certificates');
  return list.map((entry, i) => {
    const der = toDer(entry, `${name}[${i}]`);
    if (der.length > limits.certificateSize)
      throw overLimit(`${name}[${i}]`, limits.certificateSize, der.length, 'bytes');
    return parse(der, `${name}[${i}]`);
  });
}

function parse(der: Bytes, where: string): Certificate {
  try {
    return parseCached(der);
  } catch (cause) {
    throw new EnvelopeError('ERR_ENVELOPE_CHAIN', `${where}: ${(cause as Error).message}`, { cause });
  }
}
