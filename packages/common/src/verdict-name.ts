/**
 * What may be said of an artifact, a manifest or a blob, in every package:
 *
 * - `trusted`: enough signatures were verified, and nothing refuses.
 * - `refused`: the decision is no. A code and a message beside it say why.
 * - `skipped`: the policy skips verification, so nothing was verified. Do not read it as `trusted`.
 * - `undecided`: no decision was possible, as something could not be found out. It is never a yes; asked again, the answer may be another.
 *
 * Only `trusted` is a yes. Any other word in a document, of an earlier version for instance, counts as `undecided`.
 */
export type VerdictName = (typeof verdictNames)[number];

/** Every {@link VerdictName}. */
export const verdictNames = ['trusted', 'refused', 'skipped', 'undecided'] as const;

/** Whether a value is one of the four words. */
export function isVerdictName(value: unknown): value is VerdictName {
  return verdictNames.some((name) => name === value);
}

/** What a value means that comes from elsewhere: `undecided` unless it is one of the four words. */
export function verdictNameOf(value: unknown): VerdictName {
  return isVerdictName(value) ? value : 'undecided';
}
