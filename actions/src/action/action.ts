import type { Inputs } from './inputs.js';
import type { SarifLog } from './sarif.js';
import type { Secrets } from './secrets.js';

/** What an action works with. */
export interface Context<Input extends string> {
  readonly inputs: Inputs<Input>;
  readonly secrets: Secrets;
}

/** How a run ended. */
export interface Conclusion<Output extends string = string> {
  /** Whether the step succeeds. */
  readonly passed: boolean;
  /** One line for the title of the summary, and for the annotation of a step that fails. */
  readonly headline: string;
  /** The verdict in words, on any number of lines. */
  readonly explanation: string;
  readonly outputs: Partial<Readonly<Record<Output, string>>>;
  /** What was found, for code scanning. */
  readonly findings?: SarifLog;
}

/** One action; `action.yml` declares the same inputs and outputs. */
export interface Action<Input extends string, Output extends string> {
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  run(context: Context<Input>): Promise<Conclusion<Output>>;
}
