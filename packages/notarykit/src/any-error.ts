import type { GraphError } from '@notarykit/artifact-graph/internal';
import type { CodecError, LimitError } from '@notarykit/common/internal';
import type { OciError } from '@notarykit/oci/internal';
import type { PkiError } from '@notarykit/pki/internal';
import type { GateError } from '@notarykit/sbom-gate/internal/core';
import type { EnvelopeError, SignerError } from '@notarykit/signature-envelope/internal';
import type { TrustError } from '@notarykit/trust-policy/internal';
import type { NotaryKitError } from './errors.js';

/**
 * Every error class of the verbs and the packages below, so that `switch (error.code)` is checked and narrows. Adapters that the
 * caller passes in (registries, key services) have their own.
 */
export type AnyNotaryKitError =
  | NotaryKitError
  | TrustError
  | GateError
  | GraphError
  | EnvelopeError
  | SignerError
  | PkiError
  | OciError
  | CodecError
  | LimitError;
