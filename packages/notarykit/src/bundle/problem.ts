import { defined } from '@notarykit/common/internal';
import { NotaryKitError } from '../errors.js';

/** Facts of `ERR_NOTARYKIT_BUNDLE`. */
export interface BundleProblem {
  /**
   * `NOTHING_VERIFIED`: the policy skips an artifact; `MALFORMED`: it is not a bundle; `PART_MISSING`: something that it names is not in
   * it; `POLICY_DIFFERS`: it was made under another policy; `ARTIFACT_MISSING`, `ARTIFACT_UNEXPECTED`: not what the caller expects.
   */
  readonly reason:
    | 'NOTHING_VERIFIED'
    | 'MALFORMED'
    | 'PART_MISSING'
    | 'POLICY_DIFFERS'
    | 'ARTIFACT_MISSING'
    | 'ARTIFACT_UNEXPECTED';
}

/** @internal */
export function bundleProblem(
  reason: BundleProblem['reason'],
  message: string,
  cause?: unknown,
): NotaryKitError<BundleProblem> {
  return new NotaryKitError<BundleProblem>('ERR_NOTARYKIT_BUNDLE', message, {
    detail: { reason },
    ...defined({ cause }),
  });
}
