import { defined, quote } from '@notarykit/common/internal';
import { EnvelopeError, type EnvelopeErrorCode } from './errors.js';

/** An error that says where, what was expected and what was found. */
export function unexpected(
  where: string,
  expected: string,
  found: unknown,
  code: EnvelopeErrorCode = 'ERR_ENVELOPE_MALFORMED',
  cause?: unknown,
): EnvelopeError {
  const seen = found === undefined ? 'nothing' : quote(found);
  return new EnvelopeError(code, `${where}: expected ${expected}, found ${seen}`, defined({ cause }));
}

/** An input went past a limit of {@link EnvelopeLimits}. */
export function overLimit(where: string, limit: number, found: number, unit: string): EnvelopeError {
  return new EnvelopeError('ERR_ENVELOPE_LIMIT', `${where}: expected at most ${limit} ${unit}, found ${found}`);
}
