import type { Bytes } from './bytes.js';

/** What a request of a {@link Fetch} says. */
export interface FetchInit {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Bytes | ReadableStream<Bytes>;
  readonly signal?: AbortSignal;
  readonly redirect?: 'manual' | 'follow' | 'error';
  /** Required by some runtimes when the body is a stream. */
  readonly duplex?: 'half';
}

/** The part of an HTTP answer that the SDK reads. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly url: string;
  readonly body: ReadableStream<Uint8Array> | null;
}

/**
 * The transport port: the platform's `fetch` is one, and so is an embedded registry or a recording wrapper.
 * The SDK follows redirects itself and always passes `redirect: 'manual'`.
 */
export type Fetch = (url: string, init?: FetchInit) => Promise<FetchResponse>;
