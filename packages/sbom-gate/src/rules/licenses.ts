import type { PlatformEvidence } from '../evidence/evidence.js';
import { isAllowed, isBlocked, type LicenseEntry, licenseIds, parseLicenseEntry } from '../licenses/evaluate.js';
import { type LicenseExpression, parseLicenseExpression } from '../licenses/expression.js';
import { isKnownLicense } from '../licenses/known.js';
import type { LicensePolicy } from '../policy/document.js';
import type { Component, ComponentLicenses } from '../sbom/document.js';
import { type DecisionContext, levelOf } from './context.js';
import { type ExceptionTable, isSurely } from './exceptions.js';
import { describePackage } from './identity.js';
import { compileRule } from './match.js';
import type { InventoryItem } from './packages.js';

/** What is to be judged: a parsed expression, or text that is none. */
interface LicenseStatement {
  readonly text: string;
  readonly expression?: LicenseExpression;
}

/** Licence rules over the inventory of one platform. */
export function checkLicenses(
  context: DecisionContext,
  policy: LicensePolicy,
  platform: PlatformEvidence,
  inventory: readonly InventoryItem[],
  exceptions: ExceptionTable,
): void {
  const judge = new LicenseJudge(policy);
  const excepted = policy.exceptPackages.map(compileRule);
  for (const item of inventory) {
    const { component, identity, document } = item;
    if (component.root === true || excepted.some((rule) => isSurely(rule, identity))) continue;
    const verdict = judge.judge(component);
    if (verdict === undefined) continue;
    const named = describePackage(component, identity);
    const about = { platform: platform.platform, document, pointer: component.pointer, package: named };
    if (verdict.code === 'LICENSE_UNKNOWN') {
      const level = levelOf(policy.unknown);
      if (level !== undefined)
        context.add('sbom.licenses.unknown', level, verdict.code, `${named}: ${verdict.message}`, about);
      continue;
    }
    const exception = exceptions.find('license', [verdict.text, ...verdict.ids], identity, { package: named });
    if (exception === undefined)
      context.add('sbom.licenses', 'deny', verdict.code, `${named}: ${verdict.message}`, about);
    else {
      context.counts.excepted++;
      context.add('sbom.licenses', 'info', 'EXCEPTION_USED', `${named} is let through: ${exception.reason}`, about);
    }
  }
}

interface LicenseVerdict {
  readonly code: 'LICENSE_BLOCKED' | 'LICENSE_NOT_ALLOWED' | 'LICENSE_UNKNOWN';
  readonly message: string;
  readonly text: string;
  readonly ids: readonly string[];
}

class LicenseJudge {
  readonly #policy: LicensePolicy;
  readonly #allow: readonly LicenseEntry[] | undefined;
  readonly #block: readonly LicenseEntry[];
  readonly #statements = new Map<string, LicenseStatement>();

  constructor(policy: LicensePolicy) {
    this.#policy = policy;
    this.#allow = policy.allow?.map(parseLicenseEntry);
    this.#block = policy.block.map(parseLicenseEntry);
  }

  judge(component: Component): LicenseVerdict | undefined {
    const statements = statementTexts(component.licenses, this.#policy.field).map((text) => this.#parse(text));
    if (statements.length === 0 && component.noPackage && statementTexts(component.licenses, 'both').length === 0)
      return undefined;
    if (statements.length === 0) return unknown('', 'no licence is stated');
    let open: LicenseVerdict | undefined;
    for (const statement of statements) {
      const verdict = this.#judgeOne(statement);
      if (verdict !== undefined && verdict.code !== 'LICENSE_UNKNOWN') return verdict;
      open ??= verdict;
    }
    return open;
  }

  #parse(text: string): LicenseStatement {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = parseStatement(text);
    this.#statements.set(text, statement);
    return statement;
  }

  #judgeOne({ text, expression }: LicenseStatement): LicenseVerdict | undefined {
    if (expression === undefined) {
      // Text that is no expression can still be on the list of what is blocked.
      const named = this.#block.some(({ id }) => id === text.trim().toLowerCase());
      if (named) return { code: 'LICENSE_BLOCKED', message: `licence "${text}" is blocked`, text, ids: [] };
      return unknown(text, `licence "${text}" is no SPDX licence expression`);
    }
    const ids = licenseIds(expression);
    if (isBlocked(expression, this.#block))
      return { code: 'LICENSE_BLOCKED', message: `licence ${text} is blocked`, text, ids };
    if (this.#allow === undefined || isAllowed(expression, this.#allow)) {
      const strange = ids.find((id) => !isKnownLicense(id));
      return this.#allow === undefined && strange !== undefined
        ? unknown(text, `licence "${strange}" is not on the SPDX licence list`)
        : undefined;
    }
    return { code: 'LICENSE_NOT_ALLOWED', message: `licence ${text} is not in sbom.licenses.allow`, text, ids };
  }
}

function unknown(text: string, message: string): LicenseVerdict {
  return { code: 'LICENSE_UNKNOWN', message, text, ids: [] };
}

function parseStatement(text: string): LicenseStatement {
  try {
    return { text, expression: parseLicenseExpression(text) };
  } catch {
    return { text };
  }
}

const nothing = /^(NOASSERTION|NONE)$/;

/** The texts that the policy's choice of field leads to; several must all be fine. Free text counts beside each of them. */
function statementTexts(licenses: ComponentLicenses | undefined, field: LicensePolicy['field']): readonly string[] {
  const said = (text: string | undefined): string[] => (text === undefined || nothing.test(text) ? [] : [text]);
  const concluded = said(licenses?.concluded);
  const declared = said(licenses?.declared);
  return [...chosen(field, concluded, declared), ...(licenses?.names ?? [])];
}

function chosen(field: LicensePolicy['field'], concluded: readonly string[], declared: readonly string[]) {
  switch (field) {
    case 'concluded':
      return concluded;
    case 'declared':
      return declared;
    case 'both':
      return [...concluded, ...declared];
    default:
      return concluded.length > 0 ? concluded : declared;
  }
}
