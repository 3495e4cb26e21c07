import { isOutside } from 'notarykit/internal';
import type { Image } from '../images/image.js';
import type { ImageContext } from '../verdict.js';
import type { ClusterPolicy } from './verify-with.js';

/**
 * Which images no statement of the policy is about, in force or expired; the policy is that of the moment and of the request. It asks
 * no registry. A name that no scope could have is not outside: it stays refused.
 *
 * @example
 * ```ts
 * const provider = createGatekeeperProvider({ verify, unchanged: outsideStatements(policy) });
 * ```
 */
export function outsideStatements(
  policy: ClusterPolicy | ((context: ImageContext) => ClusterPolicy),
): (image: Image, context: ImageContext) => boolean {
  return ({ reference: { registry, repository } }, context) => {
    const { trust } = typeof policy === 'function' ? policy(context) : policy;
    return isOutside(trust, `${registry}/${repository}`);
  };
}
