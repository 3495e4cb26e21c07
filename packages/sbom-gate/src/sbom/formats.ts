/** Format families of inventories, as policies name them. */
export type SbomFormat = 'cyclonedx' | 'spdx-2' | 'spdx-3' | 'syft' | 'origin-simple';

/** What is known of a format before a document is read. */
export interface SbomFormatFacts {
  /** It counts where a policy names no formats. */
  readonly byDefault: boolean;
  /** Types of in-toto predicates that hold it, by prefix and without `https://`. */
  readonly predicates: readonly string[];
  /** What artifact types and media types of it have in them. */
  readonly types: readonly string[];
  /** Small top-level members, which are kept as they are. */
  readonly members: readonly string[];
  /** Top-level lists, which are read element by element. */
  readonly lists: readonly string[];
}

/**
 * Each format, in the order in which policies list them. `sbomReaders` has the reader of each; it is loaded with the first document.
 */
export const sbomFormats: Readonly<Record<SbomFormat, SbomFormatFacts>> = {
  cyclonedx: {
    byDefault: true,
    predicates: ['cyclonedx.org/bom', 'cyclonedx.org/schema'],
    types: ['cyclonedx', 'cyclone-dx'],
    members: [
      '$schema',
      'bomFormat',
      'compositions',
      'metadata',
      'serialNumber',
      'specFormat',
      'specVersion',
      'version',
    ],
    lists: ['components'],
  },
  'spdx-2': {
    byDefault: true,
    predicates: ['spdx.dev/Document'],
    types: ['spdx'],
    members: [
      'SPDXID',
      'creationInfo',
      'documentDescribes',
      'documentNamespace',
      'externalDocumentRefs',
      'hasExtractedLicensingInfos',
      'name',
      'spdxVersion',
    ],
    lists: ['packages', 'relationships'],
  },
  // Its predicate and media types are those of SPDX 2.
  'spdx-3': { byDefault: true, predicates: [], types: [], members: ['@context'], lists: ['@graph'] },
  syft: {
    byDefault: true,
    predicates: ['syft.dev/bom', 'scout.docker.com/sbom'],
    types: ['syft'],
    members: ['descriptor', 'schema', 'source'],
    lists: ['artifacts'],
  },
  'origin-simple': {
    byDefault: false,
    predicates: [],
    types: [],
    members: ['artifact', 'contents', 'version'],
    lists: [],
  },
};

/** The names of all formats. */
export const sbomFormatNames: readonly SbomFormat[] = /* @__PURE__ */ (() =>
  Object.keys(sbomFormats) as SbomFormat[])();

/** The formats that count where a policy names none. */
export const defaultSbomFormats: readonly SbomFormat[] = /* @__PURE__ */ (() =>
  sbomFormatNames.filter((name) => sbomFormats[name].byDefault))();

/** The facts of one kind of all formats. */
export function factsOfSboms(kind: 'predicates' | 'types' | 'members' | 'lists'): readonly string[] {
  return Object.values(sbomFormats).flatMap((facts) => facts[kind]);
}
