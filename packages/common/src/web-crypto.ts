import { CodedError } from './errors.js';

/** Codes of {@link RuntimeError}. */
export type RuntimeErrorCode = 'ERR_RUNTIME_NO_WEB_CRYPTO' | 'ERR_RUNTIME_THREAD';

/** The platform lacks something that the SDK needs, or lost it. */
export class RuntimeError extends CodedError<RuntimeErrorCode> {}

/** `SubtleCrypto` of whatever describes the platform: the DOM library or `@types/node`. */
export type WebCrypto = typeof globalThis extends { readonly crypto: { readonly subtle: infer Subtle } }
  ? Subtle
  : unknown;

/** A key of Web Crypto, by its shape: a `CryptoKey` is one, and it is a `CryptoKey`, whatever describes the platform. */
export interface WebCryptoKey {
  readonly type: 'private' | 'public' | 'secret';
  readonly extractable: boolean;
  readonly algorithm: { name: string };
  readonly usages: ('decrypt' | 'deriveBits' | 'deriveKey' | 'encrypt' | 'sign' | 'unwrapKey' | 'verify' | 'wrapKey')[];
}

/**
 * Web Crypto, which a browser gives only to secure contexts.
 *
 * @throws {RuntimeError} `ERR_RUNTIME_NO_WEB_CRYPTO` in a page that was loaded by plain http from another machine
 */
export function webCrypto(): WebCrypto {
  const { subtle } = (globalThis as { crypto?: { subtle?: SubtleCrypto } }).crypto ?? {};
  if (subtle !== undefined) return subtle;
  throw new RuntimeError(
    'ERR_RUNTIME_NO_WEB_CRYPTO',
    'expected Web Crypto (crypto.subtle), found none: load the page by https or from localhost',
  );
}
