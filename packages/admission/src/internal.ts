// What the packages of this repository use of this one. No promise: names come, change and go in any release.
export { AdmissionError, type AdmissionErrorCode } from './errors.js';
export { createGatekeeperProvider, type GatekeeperProviderOptions } from './gatekeeper/provider.js';
export type { DeadlineOptions } from './http/deadline.js';
export { type AdmissionHandlerOptions, createAdmissionHandler } from './http/handler.js';
export type { AdmissionHandler } from './http/plain.js';
export type { ProbeOptions } from './http/probes.js';
export { type Image, parseImage } from './images/image.js';
export type { ImagePointers } from './images/places.js';
export { createMetrics, type Metrics } from './metrics/metrics.js';
export type { ReviewMode } from './review/mode.js';
export { type ParsedReview, parseRequest, parseReview } from './review/request.js';
export { type ReviewOptions, review } from './review/review.js';
export type { VerificationAnswer, VerificationResult } from './service/answer.js';
export {
  type Authorize,
  createVerificationHandler,
  type VerificationHandlerOptions,
  type VerificationRoutes,
} from './service/handler.js';
export { openApiDocument } from './service/openapi.js';
export { createVerificationRoutes, type VerificationRoutesOptions } from './service/routes.js';
export type {
  AdmissionRequest,
  AdmissionResponse,
  AdmissionStatus,
  GroupVersionKind,
  GroupVersionResource,
} from './types.js';
export type { ImageContext, ImageVerdict, VerifyImage } from './verdict.js';
export {
  type CachedImageVerifierOptions,
  createCachedImageVerifier,
  type ImageRequest,
  type TenantContext,
} from './verify/cached.js';
export { outsideStatements } from './verify/outside.js';
export type { RegistryGuardOptions } from './verify/registry-guard.js';
export { type ClusterPolicy, type VerifierCore, type VerifyWithOptions, verifyWith } from './verify/verify-with.js';
export { webhookRegistry } from './verify/webhook-registry.js';
