export { listener } from './node/listener.js';
export { type ServeVerificationOptions, serveVerification } from './node/serve-verification.js';
export { type AdmissionServer, type ListenOptions, type ServeAdmissionOptions, serveAdmission } from './node/server.js';
export type { ServerTls } from './node/tls.js';
export { type FileWatch, watchFiles } from './node/watch.js';
