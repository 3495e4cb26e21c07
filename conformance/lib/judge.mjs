// Whether an answer is the one that the specification demands.
import { validations, verdicts } from './cases.mjs';

/**
 * One result: `passed`, `failed` with what differs, or `skipped` with the reason. An implementation that does not say which
 * validation decided is judged by its verdict alone.
 */
export function judge(one, answer) {
  if (answer.unsupported !== undefined) return { result: 'skipped', difference: `unsupported: ${answer.unsupported}` };
  const { expected } = one;
  const problems = malformed(answer);
  if (problems.length > 0) return { result: 'failed', difference: problems.join('; ') };
  const differences = [
    ...(answer.verdict === expected.verdict ? [] : [`verdict: expected ${expected.verdict}, found ${answer.verdict}`]),
    ...decidingDifference(expected, answer),
    ...loggedDifference(expected, answer),
  ];
  return differences.length === 0 ? { result: 'passed' } : { result: 'failed', difference: differences.join('; ') };
}

function malformed(answer) {
  if (!verdicts.includes(answer.verdict))
    return [`the adapter gave no verdict: ${JSON.stringify(answer).slice(0, 300)}`];
  const named = answer.decidingValidation;
  return named === undefined || validations.includes(named) ? [] : [`unknown validation ${JSON.stringify(named)}`];
}

function decidingDifference(expected, { verdict, decidingValidation: found }) {
  if (expected.verdict !== 'refused' || verdict !== 'refused' || found === undefined) return [];
  const allowed = [expected.decidingValidation].flat();
  return allowed.includes(found) ? [] : [`decidingValidation: expected ${allowed.join(' or ')}, found ${found}`];
}

/** Which validations failed and were logged; a verifier that logs at all logs these and no others. */
function loggedDifference(expected, { verdict, logged }) {
  if (expected.verdict !== 'trusted' || verdict !== 'trusted' || logged === undefined) return [];
  const [wanted, found] = [expected.logged ?? [], logged].map((list) => [...list].sort().join(', '));
  return wanted === found ? [] : [`logged: expected ${wanted || 'nothing'}, found ${found || 'nothing'}`];
}
