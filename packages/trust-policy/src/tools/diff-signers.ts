import { formatTime, quote } from '@notarykit/common/internal';
import type { OciTrustStatement } from '../document/policy.js';
import type { Covering } from './covering.js';
import type { PolicyDifference } from './difference.js';

/** What is compared of a signer, or of all of them together. */
export interface SignerPair {
  /** Absent where they are compared together. */
  readonly signer?: string;
  readonly before: OciTrustStatement;
  readonly after: OciTrustStatement;
  /** The kinds of signatures that count before and after; any where it is absent. */
  readonly kinds: readonly [before: string | undefined, after: string | undefined];
}

/** How many signers are required, and which of them are new or gone. */
export function diffSigners(scope: string, before: Covering, after: Covering): readonly PolicyDifference[] {
  const [old, now] = [countOf(before), countOf(after)];
  const differ = (effect: PolicyDifference['effect'], message: string): PolicyDifference => {
    return { scope, effect, aspect: 'signers', before: old, after: now, message: `${quote(scope)} ${message}` };
  };
  if (before.required !== after.required) {
    const effect = before.required < after.required ? 'narrower' : 'wider';
    return [differ(effect, `required the signatures of ${old}, and now of ${now}`)];
  }
  if (pairsOf(before, after).some(({ signer }) => signer === undefined)) return [];
  const without = (one: Covering, other: Covering): readonly string[] =>
    namesOf(one).filter((name) => !namesOf(other).includes(name));
  return [
    ...without(after, before).map((name) => differ('wider', `now also counts the signer ${quote(name)}`)),
    ...without(before, after).map((name) => differ('narrower', `no longer counts the signer ${quote(name)}`)),
  ];
}

/** When the statement ends; which one applies from then on is not looked at. */
export function diffExpiry(scope: string, before: Covering, after: Covering): readonly PolicyDifference[] {
  const [old, now] = [before, after].map(({ expires }) => (expires === undefined ? 'never' : formatTime(expires)));
  if (old === now) return [];
  const message = `${quote(scope)}: its statement expired "${old}" and now "${now}"`;
  return [{ scope, effect: 'changed', aspect: 'expiry', before: old as string, after: now as string, message }];
}

/** The kind that a signature must say it is of. */
export function diffKind(scope: string, { kinds: [before, after] }: SignerPair): readonly PolicyDifference[] {
  if (before === after) return [];
  const effect = before === undefined ? 'narrower' : after === undefined ? 'wider' : 'changed';
  const [old, now] = [before, after].map((kind) => kind ?? 'any');
  const message = `${quote(scope)} counted signatures of the kind "${old}", and now "${now}"`;
  return [{ scope, effect, aspect: 'kind', before: old as string, after: now as string, message }];
}

/** Signers of one name are compared with each other; where one side names none, all of a side together. */
export function pairsOf(before: Covering, after: Covering): readonly SignerPair[] {
  if (namesOf(before).length === 0 || namesOf(after).length === 0)
    return [{ before: together(before), after: together(after), kinds: [kindsOf(before), kindsOf(after)] }];
  return before.signers.flatMap(({ name, statement }) => {
    const other = after.signers.find((signer) => signer.name === name);
    return name === undefined || other === undefined
      ? []
      : [
          {
            signer: name,
            before: statement,
            after: other.statement,
            kinds: [statement.kind, other.statement.kind],
          },
        ];
  });
}

const namesOf = ({ signers }: Covering): readonly string[] =>
  signers.flatMap(({ name }) => (name === undefined ? [] : [name]));

const countOf = ({ required, signers }: Covering): string => `${required} of ${signers.length}`;

/** The kinds that count, if every signer demands one. */
function kindsOf({ signers }: Covering): string | undefined {
  const kinds = signers.map(({ statement }) => statement.kind);
  return kinds.includes(undefined) ? undefined : [...new Set(kinds)].sort().join(' or ');
}

/** One statement with the stores and identities of all signers. */
function together({ signers }: Covering): OciTrustStatement {
  const [first] = signers;
  return {
    ...first.statement,
    trustStores: signers.flatMap(({ statement }) => statement.trustStores),
    trustedIdentities: signers.flatMap(({ statement }) => statement.trustedIdentities),
  };
}
