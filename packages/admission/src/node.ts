export { listener } from './node/listener.js';
export { type ServeVerificationOptions, serveVerification } from './node/serve-verification.js';
export { type AdmissionServer, type ServeAdmissionOptions, serveAdmission } from './node/server.js';
export { watchFiles } from './node/watch.js';
