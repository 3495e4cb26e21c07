import { decodeBase64, decodeUtf8, utf8 } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import { digestSetOf, objectsOf } from '../json/members.js';
import { membersOf, memberText, type ParsedDocument } from '../sbom/parsed.js';
import type { EvidenceContent } from './content.js';
import type { EvidenceClass } from './evidence.js';
import { predicateClass, readPredicate } from './predicates.js';

/** A document inside another one. */
export type CarriedDocument = { readonly name: string } & (
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      readonly wanted?: EvidenceClass;
      readonly subjects?: readonly string[];
    }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly wanted?: EvidenceClass;
      readonly subjects?: readonly string[];
    }
  | { readonly kind: 'content'; readonly content: EvidenceContent }
);

/** What a document carries, if it is an envelope or a statement. Signatures in it do not count: only the artifact's do. */
export function carrierOf(document: ParsedDocument): CarriedDocument | undefined {
  const { names } = document;
  if (names.has('payloadType') && names.has('payload')) return dsse(document);
  if (
    memberText(document, 'mediaType')?.startsWith('application/vnd.dev.sigstore.bundle') === true &&
    names.has('dsseEnvelope')
  )
    return { name: 'sigstore-bundle', kind: 'bytes', bytes: embedded(document, 'dsseEnvelope') };
  if (/^https:\/\/in-toto\.io\/Statement\/v(?:0\.1|1)$/.test(memberText(document, '_type') ?? ''))
    return statement(document);
  return undefined;
}

function embedded(document: ParsedDocument, name: string): Uint8Array {
  const bytes = document.embedded.get(name);
  if (bytes === undefined) throw new GateError('ERR_GATE_EVIDENCE', `the envelope has no ${name}`);
  return bytes;
}

function dsse(document: ParsedDocument): CarriedDocument {
  const type = memberText(document, 'payloadType') ?? '';
  if (!/^application\/vnd\.in-toto\+json$|^application\/json$/.test(type))
    throw new GateError('ERR_GATE_EVIDENCE', 'the payload of the DSSE envelope is not an in-toto statement');
  return { name: 'dsse', kind: 'bytes', bytes: decodeBase64(memberText(document, 'payload') ?? '') };
}

function statement(document: ParsedDocument): CarriedDocument {
  const type = memberText(document, 'predicateType') ?? '';
  const wanted = predicateClass(type);
  const bytes = embedded(document, 'predicate');
  if (wanted === undefined)
    throw new GateError(
      'ERR_GATE_EVIDENCE',
      'the predicate type of the statement is neither SBOM, scan, VEX nor provenance',
    );
  const subjects = subjectsOf(document);
  const content = readPredicate(type, bytes, subjects);
  if (content !== undefined) return { name: 'in-toto', kind: 'content', content };
  const text = predicateText(bytes);
  if (text === undefined) return { name: 'in-toto', kind: 'bytes', bytes: unwrap(bytes), wanted, subjects };
  // cosign stores a tag-value document as one JSON string.
  return /^\s*[[{]/.test(text)
    ? { name: 'in-toto', kind: 'bytes', bytes: utf8(text), wanted, subjects }
    : { name: 'in-toto', kind: 'text', text, wanted, subjects };
}

function predicateText(bytes: Uint8Array): string | undefined {
  return bytes[0] === 0x22 ? (JSON.parse(decodeUtf8(bytes)) as string) : undefined;
}

/** cosign wraps some predicates in `Data`. */
function unwrap(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 2 && asciiStart(bytes).replace(/\s/g, '').startsWith('{"Data":')) {
    const { Data: data, Timestamp: _, ...more } = JSON.parse(decodeUtf8(bytes)) as Record<string, unknown>;
    if (Object.keys(more).length > 0)
      throw new GateError('ERR_GATE_EVIDENCE', `the predicate has ${Object.keys(more).join(', ')} beside "Data"`);
    return utf8(typeof data === 'string' ? data : JSON.stringify(data));
  }
  return bytes;
}

/** Digests of the subjects, of whatever algorithm; names prove nothing. */
function subjectsOf(document: ParsedDocument): readonly string[] {
  return objectsOf(membersOf(document), 'subject').flatMap((item) => digestSetOf(item, 'digest'));
}

function asciiStart(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 64));
}
