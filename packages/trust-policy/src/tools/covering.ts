import { defined } from '@notarykit/common/internal';
import { isExtended } from '../demand.js';
import type { DemandedSigner } from '../demanded.js';
import type { TrustPolicy } from '../document/policy.js';
import { isInForce, mostSpecific } from '../extended/compile.js';
import type { ExtendedScope, ExtendedTrustPolicy } from '../extended/policy.js';

/** What a policy says of everything that a scope is for, unless a narrower scope of the policy says otherwise. */
export interface Covering {
  readonly name: string;
  readonly required: number;
  readonly signers: readonly [DemandedSigner, ...DemandedSigner[]];
  readonly expires?: Date;
}

/** The scopes of a policy. */
export function scopesOf(policy: TrustPolicy | ExtendedTrustPolicy): readonly ExtendedScope[] {
  if (isExtended(policy)) return policy.statements.flatMap(({ scopes }) => scopes);
  const texts = policy.statements.flatMap(({ registryScopes }) => registryScopes);
  return texts.map((text) => (text === '*' ? { kind: 'any', text } : { kind: 'repository', text }));
}

/** The statement that applies to the whole of a scope at a time. */
export function coveringOf(
  policy: TrustPolicy | ExtendedTrustPolicy,
  scope: ExtendedScope,
  at: Date,
): Covering | undefined {
  if (isExtended(policy)) {
    const inForce = policy.statements.filter((statement) => isInForce(statement, at));
    const found = mostSpecific(inForce, scope)?.statement;
    if (found === undefined) return undefined;
    const { name, required, demanded: signers, expires } = found;
    return { name, required, signers, ...defined({ expires }) };
  }
  const { statements } = policy;
  const own = statements.find(({ registryScopes }) => registryScopes.includes(scope.text));
  const statement = own ?? statements.find(({ registryScopes }) => registryScopes.includes('*'));
  return statement === undefined ? undefined : { name: statement.name, required: 1, signers: [{ statement }] };
}
