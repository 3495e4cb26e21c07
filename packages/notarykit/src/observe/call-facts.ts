/** What is reported of a call: text and numbers that are on this list and nothing else, so that no secret can be among them. */
export interface CallFacts {
  /** The repositories that were given: source, then target. */
  readonly repositories: readonly string[];
  /** Tag, digest or reference that was asked for. */
  readonly reference?: string;
  /** Digest of the artifact that the call was about. */
  readonly digest?: string;
  readonly verdict?: string;
  /** Code of the error that it ended with. */
  readonly code?: string;
}
