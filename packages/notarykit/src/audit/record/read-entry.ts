import {
  decodeBase64,
  isJsonArray,
  isJsonObject,
  isVerdictName,
  type JsonObject,
  type JsonValue,
  parseTime,
  quote,
  verdictNames,
} from '@notarykit/common/internal';
import { type Descriptor, parseDescriptor } from '@notarykit/oci/internal';
import type { RecordedAnswer } from '@notarykit/pki/internal';
import { isRegistryScope, type RecordedOutcome, type SignatureCandidate } from '@notarykit/trust-policy/internal';
import type { UnrecordedOutcome } from './entry.js';

/** @throws {Error} that says what is wrong */
export function readOutcome(entry: JsonObject): RecordedOutcome {
  const { scope, tags, verdict, code, candidates } = entry;
  // Records of earlier versions had other words: such a record is not read, since an unknown word is not a verdict.
  if (!isVerdictName(verdict)) throw unlike('verdict', verdictNames.join(', '), verdict);
  if (!isJsonArray(candidates)) throw unlike('candidates', 'an array', candidates);
  const at = textIn(entry, 'at');
  parseTime(at);
  return {
    repository: scopeIn(entry, 'repository'),
    ...(scope === undefined ? {} : { scope: scopeIn(entry, 'scope') }),
    descriptor: parseDescriptor(entry['descriptor'], 'descriptor'),
    ...(tags === undefined ? {} : { tags: textsIn(entry, 'tags') }),
    at,
    verdict,
    ...(code === undefined ? {} : { code: textIn(entry, 'code') }),
    candidates: candidates.map(readCandidate),
  };
}

/** @throws {Error} that says what is wrong */
export function readAnswer(entry: JsonObject): RecordedAnswer {
  const { method, certId } = entry;
  if (method !== 'ocsp' && method !== 'crl') throw unlike('method', 'ocsp or crl', method);
  const about = certId === undefined ? {} : { certId: textIn(entry, 'certId') };
  return { method, url: textIn(entry, 'url'), ...about, answer: decodeBase64(textIn(entry, 'answer')) };
}

/** @throws {Error} that says what is wrong */
export function readUnrecorded(entry: JsonObject): UnrecordedOutcome {
  return {
    repository: textIn(entry, 'repository'),
    ...(entry['digest'] === undefined ? {} : { digest: textIn(entry, 'digest') }),
    tags: textsIn(entry, 'tags'),
    code: textIn(entry, 'code'),
    message: textIn(entry, 'message'),
  };
}

function readCandidate(value: JsonValue): SignatureCandidate {
  if (!isJsonObject(value)) throw unlike('candidates', 'objects', value);
  const { kind } = value;
  if (kind === 'unreadable') {
    const about = value['manifest'] === undefined ? {} : { manifest: manifestIn(value) };
    return { kind, ...about, code: textIn(value, 'code'), message: textIn(value, 'message') };
  }
  if (kind === 'envelope') {
    const bytes = decodeBase64(textIn(value, 'bytes'));
    return { kind, manifest: manifestIn(value), mediaType: textIn(value, 'mediaType'), bytes };
  }
  if (kind !== 'notASignature') throw unlike('candidates.kind', 'envelope, unreadable or notASignature', kind);
  const { fact } = value;
  if (!isJsonObject(fact) || typeof fact['fact'] !== 'string') throw unlike('candidates.fact', 'a fact', fact);
  return { kind, manifest: manifestIn(value), fact } as unknown as SignatureCandidate;
}

const manifestIn = (value: JsonObject): Descriptor => parseDescriptor(value['manifest'], 'candidates.manifest');

function scopeIn(entry: JsonObject, member: string): string {
  const text = textIn(entry, member);
  if (isRegistryScope(text)) return text;
  throw unlike(member, '"registry/repository"', text);
}

function textIn(entry: JsonObject, member: string): string {
  const value = entry[member];
  if (typeof value === 'string') return value;
  throw unlike(member, 'text', value);
}

function textsIn(entry: JsonObject, member: string): readonly string[] {
  const value = entry[member];
  if (isJsonArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw unlike(member, 'an array of strings', value);
}

function unlike(member: string, expected: string, found: JsonValue | undefined): Error {
  return new Error(`${member}: expected ${expected}, found ${quote(found)}`);
}
