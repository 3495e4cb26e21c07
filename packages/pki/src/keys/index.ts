export { type Pkcs12, parsePkcs12 } from './parse-pkcs12.js';
export { type ParsePrivateKeyOptions, parsePrivateKey } from './parse-private-key.js';
export type { Password } from './password.js';
export type { ParsePkcs12Options } from './pkcs12-options.js';
export type { KeyAlgorithmToImport, PrivateKey } from './private-key.js';
