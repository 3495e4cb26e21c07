import { parseCyclonedxXml } from '../sbom/cyclonedx-xml.js';
import type { ReadDocumentOptions, ReadDocumentOutcome } from './document-outcome.js';
import { attempt, interpretBytes } from './interpret.js';

/** Reads a document that is in memory already. */
export function readDocumentBytes(bytes: Uint8Array, options: ReadDocumentOptions): ReadDocumentOutcome {
  return attempt(options.wanted, () => interpretBytes(bytes, { ...options, readXml: parseCyclonedxXml }, 0));
}
