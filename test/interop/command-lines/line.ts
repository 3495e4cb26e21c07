/** A command line that two tools are given, with the first word left out. */
export interface Line {
  /** `{image}`, `{other}` and `{host}` stand for what is in the setup of the tool; `{missing}` names nothing. */
  readonly words: readonly string[];
  /** What comes on standard input. */
  readonly input?: string;
  /** Whether what is printed is the same, too; of JSON the value. */
  readonly prints?: 'text' | 'json';
  /** The row of docs/parity.md by which the outcomes differ. */
  readonly row?: string;
}

/** A difference of our command lines from those of another tool that is meant, as docs/parity.md names it. */
export interface LineRow {
  /** Short; unique in its table. */
  readonly id: string;
  readonly theirs: string;
  readonly here: string;
  readonly why: string;
}
