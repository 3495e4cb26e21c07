import type { Fact, FactName } from '../facts.js';

/** A fact in words: what is so, and what to do about it. */
export interface FactWords {
  readonly message: string;
  readonly remedy: string;
}

/** Words for some facts. */
export type FactTable<Name extends FactName> = {
  readonly [F in Name]: (fact: Extract<Fact, { fact: F }>) => FactWords;
};
