/** An option of a command, with what its help says. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
  /** How the value is called in the help. */
  readonly value?: string;
  /** The only values there are. */
  readonly choices?: readonly string[];
  /** The value is in no message. */
  readonly secret?: boolean;
  readonly help: string;
}
