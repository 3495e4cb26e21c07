import { concatBytes, defined, isCodedError, iterate, LimitError } from '@notarykit/common/internal';
import type { EvidenceCode } from '../codes.js';
import { GateError } from '../errors.js';
import { JsonScanner } from '../json/scanner.js';
import { DocumentBuilder } from '../sbom/build-document.js';
import type { ParsedDocument } from '../sbom/parsed.js';
import { carriedBy } from '../sbom/subject.js';
import { type CarriedDocument, carrierOf } from './carriers.js';
import type { EvidenceContent } from './content.js';
import { type ReadDocumentOptions, type ReadDocumentOutcome, unreadable } from './document-outcome.js';
import type { EvidenceClass } from './evidence.js';
import { documentFormats } from './formats.js';
import { type ReadXml, readTextDocument } from './text-formats.js';

/** Reads a document as it arrives. */
export async function readStream(
  stream: ReadableStream<Uint8Array>,
  options: ReadDocumentOptions,
): Promise<ReadDocumentOutcome> {
  const { wanted } = options;
  let parsed: ParsedDocument | string;
  try {
    parsed = await scanStream(stream, options);
  } catch (error) {
    return outcomeOf(error, wanted);
  }
  return withXml((readXml) => attempt(wanted, () => interpretParsed(parsed, { ...options, readXml })));
}

/** Interprets a document again with the reader of XML when it asks for that: most evidence is JSON, and the reader is large. */
async function withXml(interpretWith: (readXml: ReadXml) => ReadDocumentOutcome): Promise<ReadDocumentOutcome> {
  try {
    return interpretWith(() => {
      throw new XmlNeeded();
    });
  } catch (error) {
    if (!(error instanceof XmlNeeded)) throw error;
    return interpretWith(await loadXmlReader());
  }
}

/** Is thrown where a document, or what it carries, is XML. */
class XmlNeeded extends Error {}

async function loadXmlReader(): Promise<ReadXml> {
  try {
    return (await import('../sbom/cyclonedx-xml.js')).parseCyclonedxXml;
  } catch (cause) {
    const message = 'cannot load the reader of XML documents: make saxes part of this program';
    throw new GateError('ERR_GATE_EVIDENCE', message, { cause });
  }
}

/** What comes of reading a document that is in memory. */
export function attempt(wanted: EvidenceClass | undefined, read: () => ReadDocumentOutcome): ReadDocumentOutcome {
  try {
    return read();
  } catch (error) {
    return outcomeOf(error, wanted);
  }
}

/** A failure of the document as an outcome; any other failure is the caller's. */
function outcomeOf(error: unknown, wanted: EvidenceClass | undefined): ReadDocumentOutcome {
  if (error instanceof Problem) {
    const code =
      error.evidenceCode === 'EVIDENCE_UNRECOGNISED' && wanted !== undefined ? unreadable(wanted) : error.evidenceCode;
    return { problem: { code, message: error.message } };
  }
  if (!isCodedError(error)) throw error;
  if (error.code === 'ERR_CODEC_LIMIT' || error.code === 'ERR_LIMIT_EXCEEDED')
    return { problem: { code: 'LIMIT_EXCEEDED', message: error.message } };
  if (!/^ERR_(CODEC|GATE)_/.test(error.code)) throw error;
  return { problem: { code: unreadable(wanted), message: error.message } };
}

/** A reason with its own code. */
class Problem extends Error {
  readonly evidenceCode: EvidenceCode;

  constructor(code: EvidenceCode, message: string) {
    super(message);
    this.evidenceCode = code;
  }
}

type Kind = 'json' | 'text' | 'unknown';

/** What the first bytes make of a document; `unknown` while there is only white space. */
function kindOf(bytes: Uint8Array): Kind {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new Problem('EVIDENCE_MALFORMED', 'the document is UTF-16; only UTF-8 is read');
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  for (let i = bom ? 3 : 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) continue;
    // A byte order mark before JSON is left to the scanner, which refuses it.
    return byte === 0x7b || byte === 0x5b ? 'json' : 'text';
  }
  return 'unknown';
}

async function scanStream(
  stream: ReadableStream<Uint8Array>,
  options: ReadDocumentOptions,
): Promise<ParsedDocument | string> {
  const builder = new DocumentBuilder(options.limits);
  const scanner = new JsonScanner(builder, { maxDepth: options.limits.depth });
  const parts: Uint8Array[] = [];
  let [kind, length]: [Kind, number] = ['unknown', 0];
  for await (const chunk of iterate(stream, options.signal)) {
    length += chunk.length;
    if (length > options.limits.documentBytes) throw tooLong(options.limits.documentBytes);
    if (kind === 'json') {
      scanner.write(chunk);
      continue;
    }
    // A byte order mark is in the first bytes; behind white space each chunk is looked at by itself.
    const begun = length - chunk.length >= 4;
    parts.push(chunk);
    if (kind === 'unknown') kind = kindOf(begun ? chunk : concatBytes(parts));
    if (kind === 'json') scanner.write(concatBytes(parts.splice(0)));
  }
  if (kind !== 'json') return decodeText(concatBytes(parts));
  scanner.end();
  return builder.document();
}

function tooLong(limit: number): LimitError {
  return new LimitError('ERR_LIMIT_EXCEEDED', `a document has at most ${limit} bytes, this one has more`);
}

function decodeText(bytes: Uint8Array): string {
  try {
    // Without `ignoreBOM` the decoder takes one byte order mark away, as tag-value readers must.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('EVIDENCE_MALFORMED', 'the document is not UTF-8');
  }
}

/** Options of a document that is in memory: what reads it when it is XML. */
export interface InterpretOptions extends ReadDocumentOptions {
  readonly readXml: ReadXml;
}

function interpretParsed(parsed: ParsedDocument | string, options: InterpretOptions): ReadDocumentOutcome {
  return typeof parsed === 'string' ? interpretText(parsed, options) : interpret(parsed, options, 0);
}

/** Reads a document in memory; `level` counts the statements around it. */
export function interpretBytes(bytes: Uint8Array, options: InterpretOptions, level: number): ReadDocumentOutcome {
  if (bytes.length > options.limits.documentBytes) throw tooLong(options.limits.documentBytes);
  if (kindOf(bytes) !== 'json') return interpretText(decodeText(bytes), options);
  const builder = new DocumentBuilder(options.limits);
  const scanner = new JsonScanner(builder, { maxDepth: options.limits.depth });
  scanner.write(bytes);
  scanner.end();
  return interpret(builder.document(), options, level);
}

function interpretText(text: string, options: InterpretOptions): ReadDocumentOutcome {
  const read = readTextDocument(text, options);
  if (read === undefined)
    throw new Problem('EVIDENCE_UNRECOGNISED', 'the document is in no format that the gate reads');
  if (typeof read === 'string') throw new Problem('SBOM_FORMAT_UNSUPPORTED', `${read} is recognised, and not read`);
  return checkClass(read, options.wanted);
}

function interpret(document: ParsedDocument, options: InterpretOptions, level: number): ReadDocumentOutcome {
  const carried = carrierOf(document);
  const formats = documentFormats.filter((format) => format.matches(document));
  if (formats.length + (carried === undefined ? 0 : 1) > 1) {
    const names = [...formats.map(({ name }) => name), ...(carried === undefined ? [] : [carried.name])];
    throw new Problem('EVIDENCE_AMBIGUOUS', `the document could be read as ${names.join(' and as ')}`);
  }
  if (carried !== undefined) return interpretCarried(carried, options, level);
  const [format] = formats;
  if (format === undefined)
    throw new Problem('EVIDENCE_UNRECOGNISED', 'the document is in no format that the gate reads');
  if (format.read === undefined)
    throw new Problem('SBOM_FORMAT_UNSUPPORTED', `${format.name} is recognised, and not read`);
  return checkClass(format.read(document, options.wanted), options.wanted);
}

const maxLevels = 4;

function interpretCarried(carried: CarriedDocument, options: InterpretOptions, level: number): ReadDocumentOutcome {
  if (level >= maxLevels) throw new Problem('LIMIT_EXCEEDED', `statements are nested deeper than ${maxLevels} levels`);
  if (carried.kind === 'content') return checkClass(carried.content, options.wanted);
  const { wanted } = carried;
  if (wanted !== undefined && options.wanted !== undefined && wanted !== options.wanted)
    throw mismatch(wanted, options.wanted);
  const inner = { ...options, ...defined({ wanted }) };
  const outcome =
    carried.kind === 'text' ? interpretText(carried.text, inner) : interpretBytes(carried.bytes, inner, level + 1);
  if ('problem' in outcome || carried.subjects === undefined) return outcome;
  const subject = carriedBy(outcome.content.subject, carried.subjects);
  return { ...outcome, content: { ...outcome.content, subject } };
}

function checkClass(content: EvidenceContent, wanted: EvidenceClass | undefined): ReadDocumentOutcome {
  if (wanted !== undefined && content.class !== wanted) throw mismatch(content.class, wanted);
  return { content, warnings: content.warnings };
}

function mismatch(found: EvidenceClass, wanted: EvidenceClass): Problem {
  const names = { sbom: 'an SBOM', scan: 'a scan report', vex: 'a VEX document', provenance: 'provenance' };
  return new Problem('MEDIA_TYPE_MISMATCH', `declared as ${names[wanted]}, and is ${names[found]}`);
}
