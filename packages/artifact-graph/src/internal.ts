// What the packages of this repository use of this one. No promise: names come, change and go in any release.
export { formatPlatform } from '@notarykit/oci/internal';
export { type AttachOptions, attachReferrer } from './attach.js';
export type { BlobInput, DescribedBlob } from './blob.js';
export { collect } from './collect/collect.js';
export type { CollectOptions, CollectOutcome, Garbage, GarbageReason } from './collect/options.js';
export { copyGraph } from './copy/copy.js';
export type {
  Amount,
  CopiedHow,
  CopiedNode,
  CopyGraphOptions,
  CopyOutcome,
  CopyProgress,
  CopyVerifier,
  ReferrerSelection,
  Tally,
} from './copy/options.js';
export {
  type ArtifactNode,
  type DiscoverOptions,
  type DiscoverProgress,
  type Discovery,
  discover,
  type FoundReferrer,
  referrersOf,
} from './discover.js';
export { type CopySide, GraphError, type GraphErrorCode, type GraphErrorDetail } from './errors.js';
export { isNondistributable } from './media-types.js';
export { type PackedArtifact, type PackedContent, type PackOptions, packArtifact } from './pack.js';
export { parsePlatform, selectPlatform } from './platform.js';
export {
  type TagArtifactOptions,
  type TaggedArtifact,
  tagArtifact,
  type UpdateTagOptions,
  untagArtifact,
} from './tag.js';
export type { TagGuard, TagOutcome } from './tag-outcome.js';
export type { Graph, GraphNode, SetAsideReferrer } from './view/graph.js';
export type { GraphLimits } from './view/limits.js';
export { findUnlisted, type ReferrerEdge } from './view/listed.js';
export type { AttestationManifest, PlatformManifest, Platforms } from './view/platforms.js';
export type { Reading, ReadOptions } from './view/reader.js';
export type { Referrer, SetAsideReason } from './view/referrer.js';
export type { ReferrerQuery } from './view/referrers.js';
export type { Artifact, ArtifactReference } from './view/resolve.js';
export { type Successor, type SuccessorRole, successors } from './view/successors.js';
export { type GraphView, openGraph, type ViewIdentity, viewIdentity } from './view/view.js';
export type { WalkQuery } from './view/walk.js';
