/** What every coded error may carry besides its code and message. */
export interface CodedErrorOptions<Detail = unknown> {
  /** The original error, never its text. */
  readonly cause?: unknown;
  /** Typed facts about the error, safe to log. */
  readonly detail?: Detail;
}

/**
 * Base of all errors of the SDK: each package derives one class with a closed union of codes.
 *
 * Test by `code`, not by `instanceof`: two copies of a package have two classes but one code.
 * The message holds no control character and no secret.
 *
 * @example
 * ```ts
 * try {
 *   parseDigest('sha256:abc');
 * } catch (error) {
 *   if (isCodedError(error) && error.code === 'ERR_OCI_INVALID') console.error(error.message);
 * }
 * ```
 */
export class CodedError<Code extends string = string, Detail = unknown> extends Error {
  /** The stable, globally unique name of the fact. */
  readonly code: Code;
  /** Typed facts about the error. */
  readonly detail: Detail | undefined;

  constructor(code: Code, message: string, options: CodedErrorOptions<Detail> = {}) {
    super(printable(message), 'cause' in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.code = code;
    this.detail = options.detail;
  }
}

/** Whether a value is a {@link CodedError}, also one of another copy of this package. */
export function isCodedError(value: unknown): value is CodedError {
  return (
    value instanceof Error && 'code' in value && typeof value.code === 'string' && /^(ERR|ABORT)_/.test(value.code)
  );
}

const longestQuote = 200;
/** Of those, what is shown of the end of a longer text. */
const quotedEnd = 69;

/**
 * A piece of untrusted input as it may appear in a message: quoted, at most 200 characters, no control characters. Of a longer text the
 * middle is left out: what two addresses or names differ in often stands at the end.
 */
export function quote(input: unknown): string {
  const text = typeof input === 'string' ? input : describeValue(input);
  return `"${printable(shorten(text)).replaceAll('\n', '\\n')}"`;
}

/** At most 200 characters of a text: all of it, or its beginning and its end. */
export function shorten(text: string): string {
  if (text.length <= longestQuote) return text;
  // A cut must not leave a lone surrogate.
  const start = text.slice(0, longestQuote - quotedEnd - 1).replace(/[\ud800-\udbff]$/, '');
  const end = text.slice(-quotedEnd).replace(/^[\udc00-\udfff]/, '');
  return `${start}…${end}`;
}

/** What kind of value something is, without its content. */
export function describeKind(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function describeValue(input: unknown): string {
  if (input === null || typeof input !== 'object') return String(input);
  return Array.isArray(input) ? `array of ${input.length}` : 'object';
}

function printable(text: string): string {
  // Control characters and bidirectional marks in a message could forge log lines or hide text; a lone surrogate cannot be encoded.
  return text.replace(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    escapeCharacter,
  );
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Codes of {@link CodecError}. */
export type CodecErrorCode =
  | 'ERR_CODEC_JSON'
  | 'ERR_CODEC_BASE64'
  | 'ERR_CODEC_CBOR'
  | 'ERR_CODEC_UTF8'
  | 'ERR_CODEC_TIME'
  | 'ERR_CODEC_BYTES'
  | 'ERR_CODEC_TEXT'
  | 'ERR_CODEC_LIMIT';

/** Text or bytes break the strict profile of their format. */
export class CodecError extends CodedError<CodecErrorCode> {}

/** Codes of {@link LimitError}: a bounded read went past its limit. */
export type LimitErrorCode = 'ERR_LIMIT_EXCEEDED';

/** A stream gave more than its reader allows. Callers turn it into their own code. */
export class LimitError extends CodedError<LimitErrorCode> {}
