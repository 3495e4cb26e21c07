import type { Bytes, ChunkReader } from '@notarykit/common/internal';
import type { Pace } from './pace.js';

/** What a request is for: decides time-outs, redirects and which limiter counts it. */
export type RequestKind = 'metadata' | 'probe' | 'download' | 'upload' | 'token';

/** A request body that can be opened again for each try. */
export interface RequestBody {
  /** Bytes, when known: sent as `Content-Length`. */
  readonly size?: number;
  /** A fresh body for each try. */
  open(): Bytes | ReadableStream<Bytes>;
  /** Whether `open` may be called more than once. */
  readonly replayable: boolean;
}

/** One request of the client, before authorization, redirects and retries. */
export interface RegistryRequest {
  readonly method: string;
  /** Absolute URL. */
  readonly url: string;
  /** What messages call the URL, where they must not say it. */
  readonly shown?: string;
  readonly kind: RequestKind;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** Scopes that the request needs; empty for requests that carry no credentials. */
  readonly scopes?: readonly string[];
  /** Statuses that are answers; every other one becomes an error. */
  readonly expect: readonly number[];
  /** Most bytes of the answer that are read; without it the body is handed over as a stream. */
  readonly limit?: number;
  /** `false`: never sent twice by the retry stage; the caller recovers itself. */
  readonly retry?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Bounds the time of a body that is handed over as a stream. */
  readonly pace?: Pace;
  /** The platform follows redirects itself, and does not show where they lead. */
  readonly follow?: boolean;
}

/** An answer: its body either read whole (`bytes`) or still to be read (`body`). */
export interface RegistryResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** URL that answered, after redirects. */
  readonly url: string;
  readonly bytes: Bytes;
  readonly body: ChunkReader | undefined;
  /** A redirect whose target the platform keeps to itself. */
  readonly hidden?: boolean;
  /** The platform shows no headers of it but those that are exposed to other origins. */
  readonly filtered?: boolean;
}

/** A stage of the pipeline, and the whole of it. */
export type Send = (request: RegistryRequest) => Promise<RegistryResponse>;

export const noBytes: Bytes = new Uint8Array(0) as Bytes;

/** For messages about a header that is missing: it may be there, and hidden. */
export function whereHidden({ filtered }: RegistryResponse, header: string): string {
  return filtered === true
    ? `; this platform hides headers of another origin: expected ${header} in "Access-Control-Expose-Headers"`
    : '';
}
