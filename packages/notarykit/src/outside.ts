import { compileTrustPolicy, isRegistryScope, selectStatement, TrustError } from '@notarykit/trust-policy/internal';
import type { Trust } from './trust.js';

/** Before every end of a statement: one that has expired is about its repositories still. */
const beginning = new Date(0);

/**
 * Whether a trust policy says nothing about a repository: no statement has a scope for it, in force or expired, and none is named by
 * the caller. No verdict, and no permission: `verify` refuses such an artifact. A name that no scope could have is not outside.
 *
 * @param repository - `registry/repository`, without tag or digest
 *
 * @example
 * ```ts
 * if (isOutside({ policy }, 'registry.example.com/net-monitor')) console.log('no statement covers it');
 * ```
 */
export function isOutside({ policy, statement }: Pick<Trust, 'policy' | 'statement'>, repository: string): boolean {
  if (statement !== undefined || !isRegistryScope(repository)) return false;
  try {
    if (policy.version === '1.0') selectStatement(policy, repository);
    else compileTrustPolicy(policy, repository, beginning);
    return false;
  } catch (error) {
    if (error instanceof TrustError && error.code === 'ERR_TRUST_NO_STATEMENT') return true;
    throw error;
  }
}
