import { CodedError } from '@notarykit/common/internal';

/** Codes of {@link GateError}. */
export type GateErrorCode =
  /** The gate decided, and the answer is no. */
  | 'ERR_GATE_DENIED'
  /** The gate could not decide: evidence could not be read. Treat it as a no. */
  | 'ERR_GATE_EVIDENCE'
  /** The policy document is not valid. */
  | 'ERR_GATE_POLICY'
  /** A version, version range, package URL or licence expression is not valid. */
  | 'ERR_GATE_SYNTAX';

/** What a gate throws. The detail of a denial is its decision. */
export class GateError<Detail = unknown> extends CodedError<GateErrorCode, Detail> {}
