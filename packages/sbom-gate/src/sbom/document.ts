import type { PartialPlatform } from '@notarykit/oci/internal';
import type { SbomFormat } from './formats.js';

/** Whether a component is part of what runs. */
export type ComponentScope = 'required' | 'optional' | 'excluded' | 'external';

/** Licences as a document states them. */
export interface ComponentLicenses {
  /** SPDX expression or free text that the package's authors declare. */
  readonly declared?: string;
  /** SPDX expression or free text that the maker of the document concluded. */
  readonly concluded?: string;
  /** Names that are not SPDX identifiers. */
  readonly names: readonly string[];
}

/** A source package that a component was built from. */
export interface UpstreamPackage {
  readonly name: string;
  readonly version?: string;
}

/** One package of an inventory, as its document writes it. */
export interface Component {
  readonly name: string;
  readonly namespace?: string;
  /** Absent when the document states none, or a range. */
  readonly version?: string;
  /** Package URL type where the document has no package URL but says what kind of package it is. */
  readonly type?: string;
  /** Package URL as written. */
  readonly purl?: string;
  /** Further package URLs, where a document gives several: each is judged. */
  readonly morePurls?: readonly string[];
  readonly licenses?: ComponentLicenses;
  readonly scope: ComponentScope;
  readonly upstream?: readonly UpstreamPackage[];
  /** What other parts of the document call it. */
  readonly ref?: string;
  /** The image itself, not something in it. */
  readonly root?: boolean;
  /** What has neither a package URL nor a licence: a file, a whole operating system, a device, a key. */
  readonly noPackage?: true;
  /** Place in the document: a JSON pointer, or a line for tag-value. */
  readonly pointer: string;
}

/**
 * What the formats call components that are not software which somebody licenses (CycloneDX `component.type`, SPDX purposes): files,
 * whole operating systems, hardware, and keys, certificates and algorithms. A package URL makes each a package.
 */
const kindsOfNoPackage = /^(file|operating[-_]?system|device|cryptographic-asset)$/i;

/**
 * The member of a component for the kind that a document gives it.
 *
 * @param target - whether the component stands for a file in which a scanner found packages, as Trivy writes its lock files
 */
export function kindMember(
  kind: string | undefined,
  purls: readonly string[],
  target = false,
): Pick<Component, 'noPackage'> {
  if (kind === undefined || purls.length > 0) return {};
  return kindsOfNoPackage.test(kind) || (target && /^application$/i.test(kind)) ? { noPackage: true } : {};
}

/** The members of a component for the package URLs that a document gives it. */
export function purlMembers(purls: readonly string[]): Pick<Component, 'purl' | 'morePurls'> {
  const [purl, ...morePurls] = new Set(purls);
  if (purl === undefined) return {};
  return morePurls.length === 0 ? { purl } : { purl, morePurls };
}

/** What a document says it is about: digests bind, names do not. */
export interface DocumentSubject {
  /** Digests of a manifest or index. */
  readonly digests: readonly string[];
  /** Digests of the image's configuration: one, unless the document contradicts itself. */
  readonly imageIds?: readonly string[];
  readonly names: readonly string[];
  /** Platforms, of which a document may state only a part: one, unless the document contradicts itself. */
  readonly platforms?: readonly PartialPlatform[];
  /** What each statement or envelope around the document says that it is about: each must be right by itself. */
  readonly carriers?: readonly (readonly string[])[];
}

/** A tool that made a document. */
export interface DocumentTool {
  readonly name: string;
  readonly version?: string;
}

/** An inventory of any format, in one shape. */
export interface SbomDocument {
  readonly class: 'sbom';
  readonly format: SbomFormat;
  readonly formatVersion: string;
  readonly tools: readonly DocumentTool[];
  /** When the document was made, by its own words (RFC 3339 as written). */
  readonly created?: string;
  readonly subject: DocumentSubject;
  readonly components: readonly Component[];
  /** Whether the inventory is complete, by its own words. */
  readonly complete: 'yes' | 'no' | 'unknown';
  /** The verdict of the origin's simple document, which has no inventory. */
  readonly contents?: string;
  /** What the reader noticed and went on. */
  readonly warnings: readonly string[];
}
