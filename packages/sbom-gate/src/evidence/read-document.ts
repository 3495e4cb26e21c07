import { GateError } from '../errors.js';
import type { ReadDocumentOptions, ReadDocumentOutcome } from './document-outcome.js';

/**
 * Reads a document of any format that the gate knows, from its bytes alone: declared types are hints for fetching, never
 * for parsing. The document is scanned as it arrives and is never in memory as a whole, unless it is XML, tag-value or
 * carried inside a statement. Nothing that is referenced is fetched.
 *
 * Errors of the stream itself are passed on; everything that is wrong with the document is an outcome.
 */
export async function readDocument(
  stream: ReadableStream<Uint8Array>,
  options: ReadDocumentOptions,
): Promise<ReadDocumentOutcome> {
  const { readStream } = await loadReaders();
  return readStream(stream, options);
}

/** Loaded when the first document is read: the readers of all formats are half of this package. */
async function loadReaders(): Promise<typeof import('./interpret.js')> {
  try {
    return await import('./interpret.js');
  } catch (cause) {
    throw new GateError('ERR_GATE_EVIDENCE', 'cannot load the readers of evidence: the program is not complete', {
      cause,
    });
  }
}
