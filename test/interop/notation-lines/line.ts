/** One command line of notation, which is typed to both tools with the first word changed. */
export interface Line {
  /** What is typed after the name of the tool; `{image}` and the like stand for what the setup of the run has. */
  readonly words: string;
  /** Whether notation succeeds. Default true. */
  readonly fails?: true;
  /** What comes on standard input. */
  readonly input?: string;
  /** The account is in the environment, and stored nowhere. */
  readonly fromEnvironment?: true;
  /** What both must print. */
  readonly shows?: RegExp;
  /** What differs here, and why; a line without it ends and leaves the same. */
  readonly differs?: Difference;
}

/** A difference that is meant. */
export interface Difference {
  /** How the command ends (success or failure), or what it leaves in files and in the registry. */
  readonly in: 'end' | 'effect';
  readonly notation: string;
  readonly here: string;
  readonly why: string;
}
