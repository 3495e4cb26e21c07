import { describe, expect, it } from 'vitest';
import { SignerError } from '../errors.js';
import type { Signer } from '../signer.js';
import { codedSigner } from './ask-signer.js';

const failing = (cause: unknown): Signer => ({
  describe: () => Promise.reject(cause),
  sign: () => Promise.reject(cause),
});

describe('askSigner', () => {
  it.each([new TypeError('fetch failed'), 'text', undefined])(
    'keeps what a signer throws as the cause: %s',
    async (cause) => {
      const error = await codedSigner(failing(cause))
        .describe()
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(SignerError);
      expect(error).toMatchObject({ reason: 'unknown', retryable: false });
      expect((error as Error).cause).toBe(cause);
    },
  );

  it('passes on coded errors and the abort reason', async () => {
    const coded = new SignerError('no', { reason: 'throttled' });
    await expect(codedSigner(failing(coded)).describe()).rejects.toBe(coded);
    const signal = AbortSignal.abort('enough');
    await expect(codedSigner(failing('enough')).describe({ signal })).rejects.toBe('enough');
  });
});
