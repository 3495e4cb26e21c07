import { afterEach, expect, it, vi } from 'vitest';
import { webCrypto } from './web-crypto.js';

afterEach(() => vi.unstubAllGlobals());

it('gives what the platform has', () => {
  expect(webCrypto()).toBe(crypto.subtle);
});

it.each([undefined, {}])(
  'X5 reports that a page outside a secure context has no crypto.subtle (crypto: %j)',
  (value) => {
    vi.stubGlobal('crypto', value);
    expect(webCrypto).toThrow(expect.objectContaining({ code: 'ERR_RUNTIME_NO_WEB_CRYPTO' }));
  },
);
