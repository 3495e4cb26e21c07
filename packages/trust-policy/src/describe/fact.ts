import type { Fact, FactName } from '../facts.js';
import { authenticityFacts } from './authenticity.js';
import { envelopeFacts } from './envelope.js';
import type { FactTable, FactWords } from './fact-table.js';
import { revocationFacts } from './revocation.js';
import { timeFacts } from './time.js';
import { verdictFacts } from './verdict.js';

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
