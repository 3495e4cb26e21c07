import type { JsonObject } from '@notarykit/common/internal';
import { isCyclonedx, readCyclonedx } from './cyclonedx.js';
import { readCyclonedxComponents } from './cyclonedx-component.js';
import type { SbomDocument } from './document.js';
import type { SbomFormat } from './formats.js';
import type { GatheredInventory, ParsedDocument } from './parsed.js';
import { isSimpleSbom, readSimpleSbom } from './simple.js';
import { isSpdx2, readSpdx2 } from './spdx2.js';
import { readSpdx2Package, readSpdx2Relationship } from './spdx2-package.js';
import { isSpdx3, readSpdx3 } from './spdx3.js';
import { keepSpdx3Element } from './spdx3-element.js';
import { isScoutSbom, isSyft, readScoutSbom, readSyft } from './syft.js';
import { readSyftArtifact } from './syft-artifact.js';

/** Cuts one element of a list down to what the gate needs, as it arrives. */
export type ReadElement = (element: JsonObject, index: number, into: GatheredInventory) => void;

/** How documents of one form are recognised and read. */
export interface SbomReader {
  /** Recognised by top-level members, never by text somewhere inside; two readers that match make a document ambiguous. */
  matches(document: ParsedDocument): boolean;
  read(document: ParsedDocument): SbomDocument;
  /** By the name of the list; lists of the row that are not here are kept whole. */
  readonly elements?: Readonly<Record<string, ReadElement>>;
}

/** Forms that are read as one of the formats and are not named by policies. */
type FurtherForm = 'scout-sbom';

/** The reader of each row of `sbomFormats`: the compiler asks for it. */
export const sbomReaders: Readonly<Record<SbomFormat | FurtherForm, SbomReader>> = {
  cyclonedx: {
    matches: isCyclonedx,
    read: readCyclonedx,
    elements: {
      components: (element, index, into) => readCyclonedxComponents(element, `/components/${index}`, into.components),
    },
  },
  'spdx-2': {
    matches: isSpdx2,
    read: readSpdx2,
    elements: {
      packages: (element, index, into) => void into.packages.push(readSpdx2Package(element, index)),
      relationships: (element, _, into) => readSpdx2Relationship(element, into.relationships),
    },
  },
  'spdx-3': {
    matches: isSpdx3,
    read: readSpdx3,
    elements: { '@graph': (element, _, into) => keepSpdx3Element(element, into.graph) },
  },
  syft: {
    matches: isSyft,
    read: readSyft,
    elements: { artifacts: (element, index, into) => void into.artifacts.push(readSyftArtifact(element, index)) },
  },
  'scout-sbom': { matches: isScoutSbom, read: readScoutSbom },
  'origin-simple': { matches: isSimpleSbom, read: readSimpleSbom },
};
