import type { Fact, FactName } from '../facts.js';
import type { SignatureReport, TrustReport } from './report.js';

/** Errors about content: it was there and it is what it is. All others are about getting it. */
const aboutContent = /^ERR_(OCI|ENVELOPE|CODEC|LIMIT|PKI|GRAPH)_(?!UNAVAILABLE$)/;

type Validated = Pick<SignatureReport, 'validations'>;

/** The verdict on what these signatures do not make trusted. */
export function verdictOnFailure(...signatures: readonly Validated[]): 'refused' | 'undecided' {
  return isUndecided({ signatures }) ? 'undecided' : 'refused';
}

/** Whether a report of a refusal holds something that could not be found out: asked again, the answer may be another. */
export function isUndecided({ signatures }: { readonly signatures: readonly Validated[] }): boolean {
  return signatures.some(({ validations }) =>
    validations.some(({ result, fact }) => result === 'failed' && fact !== undefined && isUnknown(fact)),
  );
}

const unknownFacts: readonly FactName[] = ['storeRefused', 'revocationUnavailable', 'revocationNotChecked'];

/** A plugin that was asked, and did not answer. */
const unansweredProblems: readonly PluginProblem[] = ['failed', 'noResult'];

type PluginProblem = Extract<Fact, { fact: 'pluginRefused' }>['problem'];

/** Whether a fact says that something could not be found out. */
function isUnknown(fact: Fact): boolean {
  if (fact.fact === 'pluginRefused') return unansweredProblems.includes(fact.problem);
  return isMissed(fact) || unknownFacts.includes(fact.fact);
}

type Unavailable = Extract<Fact, { fact: 'signatureUnavailable' }>;

/** A signature that is listed and could not be fetched now, and why: what it would make trusted is not known. */
export function missedSignature({ signatures }: Pick<TrustReport, 'signatures'>): Unavailable | undefined {
  return signatures.flatMap(({ validations }) => validations.flatMap(({ fact }) => fact ?? [])).find(isMissed);
}

function isMissed(fact: Fact): fact is Unavailable {
  return fact.fact === 'signatureUnavailable' && !aboutContent.test(fact.code);
}
