import { expect, it, vi } from 'vitest';
import { verifyEnvelopeTimestamp } from './verify-timestamp.js';

vi.mock('@notarykit/pki/internal/timestamp', () => {
  throw new Error('404');
});

it('a token is refused where the reader of tokens cannot be loaded', async () => {
  const token = verifyEnvelopeTimestamp(Uint8Array.of(0x30, 0), new Uint8Array(64), { roots: [] });
  await expect(token).rejects.toMatchObject({ code: 'ERR_ENVELOPE_TIME', cause: expect.any(Error) });
});
