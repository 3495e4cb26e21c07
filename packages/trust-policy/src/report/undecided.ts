import type { Fact } from '../facts.js';
import type { TrustReport } from './report.js';

/** Errors about content: it was there and it is what it is. All others are about getting it. */
const aboutContent = /^ERR_(OCI|ENVELOPE|CODEC|LIMIT|PKI|GRAPH)_(?!UNAVAILABLE$)/;

/** Whether a report of a refusal holds something that could not be found out: asked again, the answer may be another. */
export function isUndecided({ signatures }: TrustReport): boolean {
  return signatures.some(({ validations }) =>
    validations.some(({ result, fact }) => result === 'failed' && fact !== undefined && isPassing(fact)),
  );
}

function isPassing(fact: Fact): boolean {
  switch (fact.fact) {
    case 'storeRefused':
    case 'revocationUnavailable':
    case 'revocationNotChecked':
      return true;
    case 'signatureUnavailable':
      return isMissed(fact);
    case 'pluginRefused':
      return fact.problem === 'failed' || fact.problem === 'noResult';
    default:
      return false;
  }
}

type Unavailable = Extract<Fact, { fact: 'signatureUnavailable' }>;

/** A signature that is listed and could not be had now, and why: what it would make trusted is not known. */
export function missedSignature({ signatures }: TrustReport): Unavailable | undefined {
  return signatures
    .flatMap(({ validations }) => validations.flatMap(({ fact }) => fact ?? []))
    .find((fact): fact is Unavailable => fact.fact === 'signatureUnavailable' && isMissed(fact));
}

function isMissed({ code }: Unavailable): boolean {
  return !aboutContent.test(code);
}
