// What the packages of this repository use of this one. No promise: names come, change and go in any release.
export { createTransport, platform, secretsOfTransport } from '#transport';
export { TransportError, type TransportErrorCode, type TransportErrorDetail } from './errors.js';
export { isLight, LightSignal } from './light-signal.js';
export type { ClientCertificate, Endpoint, TransportOptions } from './options.js';
