export { listener } from './node/listener.js';
export { type AdmissionServer, type ServeAdmissionOptions, type ServerTls, serveAdmission } from './node/server.js';
