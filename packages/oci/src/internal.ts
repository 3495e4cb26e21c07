// What the packages of this repository use of this one. No promise: names come, change and go in any release.
export {
  asVerified,
  checkContent,
  type FetchBytesOptions,
  type FetchedManifest,
  fetchBytes,
  fetchManifest,
  isVerified,
  openSource,
  verifyStream,
} from './content.js';
export { type ContentDigester, createContentDigester } from './content-digester.js';
export {
  type Annotations,
  type Descriptor,
  describe,
  type Platform,
  parseDescriptor,
  sameContent,
} from './descriptor.js';
export {
  checkDigest,
  createDigester,
  type Digest,
  type DigestAlgorithm,
  type Digester,
  digestOf,
  isDigest,
  type ParsedDigest,
  parseDigest,
} from './digest.js';
export { isNotFound, OciError, type OciErrorCode } from './errors.js';
export type { LayoutBlob, LayoutFiles } from './layout/files.js';
export {
  buildIndexDocument,
  buildLayoutFile,
  checkLayoutFile,
  type LayoutIndex,
  maxIndexEntries,
  maxIndexSize,
  parseIndexDocument,
  readIndexDocument,
} from './layout/index-document.js';
export { createLayoutRepository, type LayoutRepository } from './layout/layout-repository.js';
export { type LayoutContent, layoutTar } from './layout/layout-tar.js';
export { readLayoutTar } from './layout/read-layout-tar.js';
export { refName, withoutTag } from './layout/tags.js';
export {
  type ArtifactManifest,
  artifactTypeOf,
  type ImageIndex,
  type ImageManifest,
  type Manifest,
  maxManifestSize,
  parseManifest,
} from './manifest.js';
export { checkMediaType, isManifestMediaType, manifestMediaTypes, mediaTypes } from './media-types.js';
export { type MemoryRepository, memoryRepository } from './memory-repository.js';
export { type MirroredRepositoryOptions, mirroredRepository } from './mirrored-repository.js';
export { formatPlatform, normalPlatform, type PartialPlatform, partsOfPlatform } from './platform.js';
export {
  checkRepositoryName,
  checkTag,
  formatReference,
  parseImageName,
  parseReference,
  type Reference,
  referrersTag,
} from './reference.js';
export { parseReferrersList } from './referrers-list.js';
export type {
  ContentDeleter,
  ContentLister,
  ContentReader,
  ContentSource,
  ContentWriter,
  Mounter,
  PushOptions,
  RangeReader,
  ReferrerLister,
  ReferrersOptions,
  RefusedEntry,
  Repository,
  TagLister,
  TagOptions,
  TagResolver,
} from './repository.js';
export { canonicalHost, canonicalRepository, type RepositoryName } from './repository-name.js';
export { checkMemberName, readTarMembers, type TarMember, type TarSource } from './tar/read.js';
export { tarStream } from './tar/stream-source.js';
export { buildTarEntry, type TarEntry, tarEnd, tarPadding } from './tar/write.js';
