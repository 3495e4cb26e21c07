import { EnvelopeError } from './errors.js';

/** Loaded when the first token is met: most verifiers never see one, and a browser need not load its reader. */
export async function loadTokenReader(): Promise<typeof import('@notarykit/pki/internal/timestamp')> {
  try {
    return await import('@notarykit/pki/internal/timestamp');
  } catch (cause) {
    const message = 'cannot load @notarykit/pki/internal/timestamp: include it when you bundle this program';
    throw new EnvelopeError('ERR_ENVELOPE_TIME', message, { cause });
  }
}
