export { type FileLayerOptions, fileLayer } from './node/layers.js';
export { checkFilePath } from './node/path.js';
export type { UnpackLimits } from './node/unpack.js';
export { titleOf, type WriteFilesOptions, type WrittenFile, writeFiles } from './node/write-files.js';
