import { CodedError } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';

/** Codes of {@link RegistryError}. */
export type RegistryErrorCode =
  | 'ERR_REGISTRY_UNAUTHORIZED'
  | 'ERR_REGISTRY_DENIED'
  | 'ERR_REGISTRY_RATE_LIMITED'
  | 'ERR_REGISTRY_UNAVAILABLE'
  | 'ERR_REGISTRY_TIMEOUT'
  | 'ERR_REGISTRY_REDIRECT'
  | 'ERR_REGISTRY_PROTOCOL'
  | 'ERR_REGISTRY_TOO_LARGE'
  | 'ERR_REGISTRY_TOO_MANY_PAGES'
  | 'ERR_REGISTRY_UNSUPPORTED'
  | 'ERR_REGISTRY_CONFLICT'
  | 'ERR_REGISTRY_LOST_UPDATE'
  | 'ERR_REGISTRY_STORAGE'
  | 'ERR_REGISTRY_HEADER_HIDDEN'
  | 'ERR_REGISTRY_CONFIGURATION'
  | 'ERR_REGISTRY_BLOCKED';

/** One entry of a registry's error body (distribution-spec, "Error Codes"). Codes are an open set. */
export interface RegistryErrorEntry {
  readonly code: string;
  readonly message?: string;
  readonly detail?: unknown;
}

/** What is known about a request that failed. Nothing in it is secret: URLs come without their query. */
export interface RegistryErrorDetail {
  /** The registry as the caller named it. */
  readonly registry: string;
  /** The account whose credentials were sent, if any; never the secret. */
  readonly account?: string;
  readonly method?: string;
  /** Without query: upload sessions and storage links carry their secrets there. */
  readonly url?: string;
  readonly status?: number;
  /** The registry's own errors; empty when its answer held none. */
  readonly errors?: readonly RegistryErrorEntry[];
  /** The `error` of an OAuth2 token service, for example `invalid_grant`. */
  readonly oauthError?: string;
  readonly requestId?: string;
  /** How long the registry asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Whether the same request may succeed later. */
  readonly retryable?: boolean;
  /** The content that the failure is about. */
  readonly descriptor?: Descriptor;
}

/**
 * A registry, its token service or the network between refused, failed or broke the protocol. Missing content is an `OciError`
 * with `ERR_OCI_NOT_FOUND`, content that differs from its descriptor one with `ERR_OCI_DIGEST_MISMATCH` or `ERR_OCI_SIZE_MISMATCH`.
 */
export class RegistryError extends CodedError<RegistryErrorCode, RegistryErrorDetail> {}
