import type { LicenseExpression } from './expression.js';

/** A licence of a policy list: `GPL-2.0-only`, `GPL-2.0-only WITH *`, `MIT`. */
export interface LicenseEntry {
  readonly id: string;
  /** Exception that the licence must carry; `*` any or none. Without it the licence stands alone. */
  readonly exception?: string;
}

/** Reads an entry of a policy list. */
export function parseLicenseEntry(text: string): LicenseEntry {
  const [id = '', exception] = text.trim().split(/\s+WITH\s+/i);
  return { id: id.toLowerCase(), ...(exception === undefined ? {} : { exception: exception.toLowerCase() }) };
}

type License = Extract<LicenseExpression, { kind: 'license' }>;

const none: ReadonlySet<string> = new Set();

function isExcepted({ id }: License, excepted: ReadonlySet<string>): boolean {
  return excepted.has(id.toLowerCase());
}

/** Whether a licence of an expression is one of a list. `GPL-2.0+` is `GPL-2.0-or-later`. */
function isListed(license: License, entries: readonly LicenseEntry[]): boolean {
  const id = license.id.toLowerCase();
  const ids = license.orLater ? [`${id}+`, `${id}-or-later`] : [id];
  const exception = license.exception?.toLowerCase();
  return entries.some((entry) => ids.includes(entry.id) && (entry.exception === '*' || entry.exception === exception));
}

/** Whether some choice among the alternatives needs only allowed licences. Ids in `excepted`, in lower case, count as allowed. */
export function isAllowed(
  expression: LicenseExpression,
  entries: readonly LicenseEntry[],
  excepted: ReadonlySet<string> = none,
): boolean {
  if (expression.kind === 'license') return isExcepted(expression, excepted) || isListed(expression, entries);
  const { parts } = expression;
  return expression.kind === 'or'
    ? parts.some((part) => isAllowed(part, entries, excepted))
    : parts.every((part) => isAllowed(part, entries, excepted));
}

/** Whether every choice among the alternatives needs a blocked licence. Ids in `excepted`, in lower case, count as not blocked. */
export function isBlocked(
  expression: LicenseExpression,
  entries: readonly LicenseEntry[],
  excepted: ReadonlySet<string> = none,
): boolean {
  if (expression.kind === 'license') return !isExcepted(expression, excepted) && isListed(expression, entries);
  const { parts } = expression;
  return expression.kind === 'or'
    ? parts.every((part) => isBlocked(part, entries, excepted))
    : parts.some((part) => isBlocked(part, entries, excepted));
}

/** Every licence identifier of an expression. */
export function licenseIds(expression: LicenseExpression): readonly string[] {
  return expression.kind === 'license' ? [expression.id] : expression.parts.flatMap(licenseIds);
}
