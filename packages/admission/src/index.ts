export { AdmissionError, type AdmissionErrorCode } from './errors.js';
export { type Image, parseImage } from './images/image.js';
export type { ImagePointers, ImageSlot } from './images/slots.js';
export { type ParsedReview, parseRequest, parseReview } from './review/request.js';
export { type ReviewMode, type ReviewOptions, review } from './review/review.js';
export type {
  AdmissionRequest,
  AdmissionResponse,
  AdmissionStatus,
  GroupVersionKind,
  PatchOperation,
} from './review/types.js';
export type { ImageContext, ImageVerdict, VerifyImage } from './review/verdict.js';
