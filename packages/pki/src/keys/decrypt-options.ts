import type { CallOptions } from '@notarykit/common/internal';
import type { Budget } from './budget.js';
import type { Password } from './password.js';

/** How a password is tried. */
export interface DecryptOptions extends CallOptions {
  readonly password: Password;
  /** What is left for this file. */
  readonly budget: Budget;
}
