export { type FileLayerOptions, fileLayer } from './node/layers.js';
export { titleOf, type WriteFilesOptions, type WrittenFile, writeFiles } from './node/write-files.js';
