export { type BaseImage, type DockerfileOptions, parseBaseImages } from './dockerfile/images.js';
export { NotaryKitError, type NotaryKitErrorCode } from './errors.js';
