import { defined, encodeBase64, quote, utf8 } from '@notarykit/common/internal';
import type { Image } from '../images/image.js';
import type { ImageSlot } from '../images/slots.js';
import type { AdmissionRequest, AdmissionResponse, PatchOperation } from '../types.js';
import { admits, type ImageVerdict } from '../verdict.js';
import type { ReviewMode } from './mode.js';

/** What was found at one place. */
export interface Finding {
  readonly slot: ImageSlot;
  readonly image?: Image;
  readonly verdict: ImageVerdict;
}

/** A plain yes. */
export function allow(
  request: AdmissionRequest,
  auditAnnotations?: Readonly<Record<string, string>>,
): AdmissionResponse {
  return { uid: request.uid, allowed: true, ...defined({ auditAnnotations }) };
}

/** A refusal of the whole request. */
export function deny(request: AdmissionRequest, code: string, message: string): AdmissionResponse {
  return {
    uid: request.uid,
    allowed: false,
    status: { code: 403, reason: 'Forbidden', message: `${code}: ${message}` },
    auditAnnotations: { decision: 'deny', codes: code },
  };
}

/** The answer to a request whose images were looked at. */
export function respond(
  request: AdmissionRequest,
  findings: readonly Finding[],
  options: { readonly mode: ReviewMode; readonly patch: readonly PatchOperation[] },
): AdmissionResponse {
  const refused = findings.filter(({ verdict }) => !admits(verdict));
  const audit = auditOf(findings, refused, options.mode);
  if (refused.length > 0 && options.mode === 'enforce') {
    return { uid: request.uid, allowed: false, status: statusOf(findings, refused), auditAnnotations: audit };
  }
  const warnings = warningsOf(options.mode === 'warn' ? refused : [], options.patch);
  return {
    uid: request.uid,
    allowed: true,
    ...(options.patch.length === 0
      ? {}
      : { patch: encodeBase64(utf8(JSON.stringify(options.patch))), patchType: 'JSONPatch' }),
    ...(warnings.length === 0 ? {} : { warnings }),
    auditAnnotations: audit,
  };
}

/** The API server drops what goes beyond 4,096 bytes of warnings, and cuts those longer than 256 characters then. */
const maxWarning = 200;
const maxWarnings = 20;
const maxWarningBytes = 4_096;
const maxMessage = 4_000;

function warningsOf(refused: readonly Finding[], patch: readonly PatchOperation[]): readonly string[] {
  let left = maxWarningBytes;
  const lines = [...refused.map(lineOf), ...patch.flatMap(pinnedLine)].map((line) => shorten(line, maxWarning));
  return [...new Set(lines)].slice(0, maxWarnings).filter((line) => {
    left -= utf8(line).length;
    return left >= 0;
  });
}

function lineOf({ slot, verdict }: Finding): string {
  return oneLine(`${slot.field} ${shown(slot.image ?? '')}: ${verdict.code}: ${verdict.message}`);
}

/** What a user wrote in place of an image may be anything. */
function shown(image: string): string {
  return /^[\x21-\x7e]{1,300}$/.test(image) ? image : quote(image);
}

/** A header of HTTP, which carries the warnings, and a log hold lines. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

function pinnedLine({ op, path, value }: PatchOperation): string[] {
  return op === 'replace'
    ? [`${path.slice(1).replaceAll('/', '.')}: pinned to ${value.slice(value.lastIndexOf('@') + 1)}`]
    : [];
}

function shorten(text: string, length: number): string {
  // A cut must not leave a lone surrogate.
  return text.length > length ? `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

function statusOf(
  findings: readonly Finding[],
  refused: readonly Finding[],
): { code: number; reason: string; message: string } {
  const late = refused.every(({ verdict }) => verdict.code === 'DEADLINE');
  const done = findings.filter(({ verdict }) => verdict.code !== 'DEADLINE').length;
  const progress = done < findings.length ? ` (${done} of ${findings.length} images were decided in time)` : '';
  const message = shorten(refused.map(lineOf).join('; ') + progress, maxMessage);
  return late ? { code: 504, reason: 'Timeout', message } : { code: 403, reason: 'Forbidden', message };
}

function auditOf(findings: readonly Finding[], refused: readonly Finding[], mode: ReviewMode): Record<string, string> {
  const unique = (texts: readonly string[]): string => [...new Set(texts)].sort().join(',');
  const digests = unique(findings.flatMap(({ verdict }) => verdict.digest ?? []));
  return {
    decision: refused.length === 0 ? 'allow' : mode === 'enforce' ? 'deny' : `deny-${mode}`,
    codes: unique(findings.map(({ verdict }) => verdict.code)),
    ...(digests === '' ? {} : { digests: shorten(digests, 2_000) }),
  };
}
