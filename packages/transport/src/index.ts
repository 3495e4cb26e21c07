export {
  type ClientCertificate,
  createTransport,
  type Endpoint,
  TransportError,
  type TransportErrorCode,
  type TransportOptions,
} from './internal.js';
