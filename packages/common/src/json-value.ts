/** A parsed JSON value. Objects have no prototype, so a member is there only if the document had it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A parsed JSON object, without prototype. */
export interface JsonObject {
  readonly [member: string]: JsonValue | undefined;
}

/** Limits and profile of {@link parseJson}. */
export interface ParseJsonOptions {
  /** How deep objects and arrays may be nested. Default 64. */
  readonly maxDepth?: number;
  /** `integers` refuses fractions, exponents, -0 and anything outside 0 to 2^53-1. Default `any`. */
  readonly numbers?: 'any' | 'integers';
}
