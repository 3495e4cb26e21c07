import { parseCyclonedxXml } from '../sbom/cyclonedx-xml.js';
import type { ReadDocumentOptions, ReadDocumentOutcome } from './document-outcome.js';
import { interpretBytes, outcomeOf } from './interpret.js';

/** Reads a document that is in memory already. */
export function readDocumentBytes(bytes: Uint8Array, options: ReadDocumentOptions): ReadDocumentOutcome {
  try {
    return interpretBytes(bytes, { ...options, readXml: parseCyclonedxXml }, 0);
  } catch (error) {
    return outcomeOf(error, options.wanted);
  }
}
