import type { Fact, FactName } from '../report/facts.js';
import { authenticityFacts } from './authenticity.js';
import { envelopeFacts } from './envelope.js';
import { revocationFacts } from './revocation.js';
import { timeFacts } from './time.js';
import { verdictFacts } from './verdict.js';

/** A fact in words: what is so, and what to do about it. */
export interface FactWords {
  readonly message: string;
  readonly remedy: string;
}

/** Words for some facts. */
export type FactTable<Name extends FactName> = {
  readonly [F in Name]: (fact: Extract<Fact, { fact: F }>) => FactWords;
};

const table: FactTable<FactName> = {
  ...envelopeFacts,
  ...authenticityFacts,
  ...timeFacts,
  ...revocationFacts,
  ...verdictFacts,
};

/** What a fact says and what remedies it. Input of others stands quoted in it. */
export function describeFact(fact: Fact): FactWords {
  const words = table[fact.fact] as (fact: Fact) => FactWords;
  return words(fact);
}
