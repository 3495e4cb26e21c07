import type { TrustReport } from './report.js';

/** The first refusal in words, and how many more there are. */
export function summarize({ signatures }: TrustReport): string {
  const reasons = signatures.flatMap(({ validations }) =>
    validations.filter(({ result }) => result === 'failed').slice(0, 1),
  );
  const [first] = reasons;
  if (first === undefined) return 'no signature is trusted';
  return signatures.length === 1 ? first.message : `${signatures.length} signatures, the first: ${first.message}`;
}
