import type { GraphError } from '@notarykit/artifact-graph';
import type { CodecError, LimitError } from '@notarykit/common';
import type { OciError } from '@notarykit/oci';
import type { PkiError } from '@notarykit/pki';
import type { GateError } from '@notarykit/sbom-gate/core';
import type { EnvelopeError, SignerError } from '@notarykit/signature-envelope';
import type { TrustError } from '@notarykit/trust-policy';
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
