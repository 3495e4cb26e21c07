import { quote } from '@notarykit/common/internal';
import type { OciTrustStatement, TrustPolicy } from '../document/policy.js';
import type { ExtendedTrustPolicy } from '../extended/policy.js';
import { isSubset } from '../identities/distinguished-name.js';
import { validationTypes } from '../levels.js';
import { type Covering, coveringOf, scopesOf } from './covering.js';
import { diffExpiry, diffKind, diffSigners, pairsOf, type SignerPair } from './diff-signers.js';
import type { PolicyDifference } from './difference.js';

/** Options of {@link diffTrustPolicies}. */
export interface DiffOptions {
  /** Statements that have expired by then do not count. Default: the clock. */
  readonly at?: Date;
}

/**
 * What changes when one policy takes the place of another, by meaning: order, names and equal statements do not matter. Both may be plain
 * or extended. Each scope that one of them names is compared as a whole: what is said of a narrower scope within is a difference of that one.
 */
export function diffTrustPolicies(
  before: TrustPolicy | ExtendedTrustPolicy,
  after: TrustPolicy | ExtendedTrustPolicy,
  { at = new Date() }: DiffOptions = {},
): readonly PolicyDifference[] {
  const scopes = new Map([...scopesOf(before), ...scopesOf(after)].map((scope) => [scope.text, scope]));
  return [...scopes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([text, scope]) => diffScope(text, coveringOf(before, scope, at), coveringOf(after, scope, at)));
}

function diffScope(
  scope: string,
  before: Covering | undefined,
  after: Covering | undefined,
): readonly PolicyDifference[] {
  if (before === undefined && after !== undefined)
    return [
      {
        scope,
        effect: 'wider',
        aspect: 'scope',
        after: after.name,
        message: `${quote(scope)} is now covered, by statement ${quote(after.name)}`,
      },
    ];
  if (before !== undefined && after === undefined)
    return [
      {
        scope,
        effect: 'narrower',
        aspect: 'scope',
        before: before.name,
        message: `${quote(scope)} is no longer covered`,
      },
    ];
  if (before === undefined || after === undefined) return [];
  const [old, now] = [before.signers[0].statement, after.signers[0].statement];
  return [
    ...diffSigners(scope, before, after),
    ...pairsOf(before, after).flatMap((pair) => diffPair(scope, pair)),
    ...diffActions(scope, old, now),
    ...diffTimestamp(scope, old, now),
    ...diffExpiry(scope, before, after),
  ];
}

function diffPair(scope: string, pair: SignerPair): readonly PolicyDifference[] {
  const { signer, before, after } = pair;
  const found = [
    ...diffIdentities(scope, before, after),
    ...diffStores(scope, before, after),
    ...diffKind(scope, pair),
  ];
  return signer === undefined
    ? found
    : found.map((one) => ({ ...one, signer, message: `${one.message}, for the signer ${quote(signer)}` }));
}

/** Whether an identity lets in everything that another one does. */
function covers(all: OciTrustStatement, one: OciTrustStatement['trustedIdentities'][number]): boolean {
  return all.trustedIdentities.some((other) => {
    if (other.kind === 'any') return true;
    if (other.kind === 'x509.subject' && one.kind === 'x509.subject') return isSubset(other.attributes, one.attributes);
    return other.text === one.text;
  });
}

function diffIdentities(
  scope: string,
  before: OciTrustStatement,
  after: OciTrustStatement,
): readonly PolicyDifference[] {
  const added = after.trustedIdentities.filter((identity) => !covers(before, identity));
  const removed = before.trustedIdentities.filter((identity) => !covers(after, identity));
  return [
    ...added.map(({ text }): PolicyDifference => {
      return {
        scope,
        effect: 'wider',
        aspect: 'identity',
        after: text,
        message: `${quote(scope)} now also trusts ${quote(text)}`,
      };
    }),
    ...removed.map(({ text }): PolicyDifference => {
      return {
        scope,
        effect: 'narrower',
        aspect: 'identity',
        before: text,
        message: `${quote(scope)} no longer trusts ${quote(text)}`,
      };
    }),
  ];
}

function diffStores(scope: string, before: OciTrustStatement, after: OciTrustStatement): readonly PolicyDifference[] {
  const names = (statement: OciTrustStatement): Set<string> => new Set(statement.trustStores.map(({ text }) => text));
  const [old, now] = [names(before), names(after)];
  const describe = (store: string, effect: 'wider' | 'narrower'): PolicyDifference => {
    const gone = !now.has(store);
    const message = `${quote(scope)} ${gone ? 'no longer uses' : 'now also uses'} the trust store ${quote(store)}`;
    return { scope, effect, aspect: 'trustStore', ...(gone ? { before: store } : { after: store }), message };
  };
  // A first tsa store demands timestamps; further ones let more authorities vouch.
  const hadTsa = before.trustStores.some(({ type }) => type === 'tsa');
  const hasTsa = after.trustStores.some(({ type }) => type === 'tsa');
  const demand = (store: string): boolean => store.startsWith('tsa:') && hadTsa !== hasTsa;
  return [
    ...[...now]
      .filter((store) => !old.has(store))
      .map((store) => describe(store, demand(store) ? 'narrower' : 'wider')),
    ...[...old]
      .filter((store) => !now.has(store))
      .map((store) => describe(store, demand(store) ? 'wider' : 'narrower')),
  ];
}

const strength = { enforce: 2, log: 1, skip: 0 } as const;

function diffActions(scope: string, before: OciTrustStatement, after: OciTrustStatement): readonly PolicyDifference[] {
  return validationTypes.flatMap((type): readonly PolicyDifference[] => {
    const [old, now] = [before.level.actions[type], after.level.actions[type]];
    if (old === now) return [];
    const effect = strength[now] < strength[old] ? 'wider' : 'narrower';
    return [
      {
        scope,
        effect,
        aspect: 'action',
        before: old,
        after: now,
        message: `${quote(scope)}: ${type} was "${old}" and is now "${now}"`,
      },
    ];
  });
}

function diffTimestamp(
  scope: string,
  before: OciTrustStatement,
  after: OciTrustStatement,
): readonly PolicyDifference[] {
  const [old, now] = [before.verifyTimestamp, after.verifyTimestamp];
  const usesTsa = [before, after].every(({ trustStores }) => trustStores.some(({ type }) => type === 'tsa'));
  if (old === now || !usesTsa) return [];
  const effect = now === 'always' ? 'narrower' : 'wider';
  return [
    {
      scope,
      effect,
      aspect: 'timestamp',
      before: old,
      after: now,
      message: `${quote(scope)}: timestamps were demanded "${old}" and now "${now}"`,
    },
  ];
}
