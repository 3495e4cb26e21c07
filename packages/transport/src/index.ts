export { createTransport, platform, secretsOfTransport } from '#transport';
export { TransportError, type TransportErrorCode, type TransportErrorDetail } from './errors.js';
export { isLight, LightSignal, takesLightSignals } from './light-signal.js';
export type { ClientCertificate, Endpoint, TransportOptions } from './options.js';
export type { TransportPlatform } from './platform.js';
