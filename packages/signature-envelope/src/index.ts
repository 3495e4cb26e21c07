export * from './core.js';
export {
  type EnvelopeInspection,
  type InspectedCertificate,
  type InspectedTimestamp,
  inspectEnvelope,
} from './inspect.js';
