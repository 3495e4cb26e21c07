import type { Fact } from './facts.js';
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
      return !aboutContent.test(fact.code);
    case 'pluginRefused':
      return fact.problem === 'failed' || fact.problem === 'noResult';
    default:
      return false;
  }
}
