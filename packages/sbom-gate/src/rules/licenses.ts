import type { PlatformEvidence } from '../evidence/evidence.js';
import { isAllowed, isBlocked, type LicenseEntry, licenseIds, parseLicenseEntry } from '../licenses/evaluate.js';
import { type LicenseExpression, parseLicenseExpression } from '../licenses/expression.js';
import { isKnownLicense } from '../licenses/known.js';
import type { GateException, LicensePolicy } from '../policy/document.js';
import type { Component, ComponentLicenses } from '../sbom/document.js';
import { type DecisionContext, levelOf } from './context.js';
import { type ExceptionTable, isSurely } from './exceptions.js';
import { describePackage } from './identity.js';
import type { InventoryItem } from './inventory.js';
import { compileRule } from './match.js';

/** What is to be judged: a parsed expression, or text that is not an expression. */
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
    const verdicts = judge.judge(component);
    if (verdicts.length === 0) continue;
    const named = describePackage(component, identity);
    const about = { platform: platform.platform, document, pointer: component.pointer, package: named };
    const find = (id: string): GateException | undefined =>
      exceptions.find('license', [id], identity, { package: named });
    for (const verdict of verdicts) {
      const level = verdict.code === 'LICENSE_UNKNOWN' ? levelOf(policy.unknown) : 'deny';
      const exception = verdict.code === 'LICENSE_UNKNOWN' ? undefined : judge.excepted(verdict, find);
      if (exception !== undefined) {
        context.counts.excepted++;
        context.add('sbom.licenses', 'info', 'EXCEPTION_USED', `${named} is let through: ${exception.reason}`, about);
      } else if (level !== undefined) {
        const rule = verdict.code === 'LICENSE_UNKNOWN' ? 'sbom.licenses.unknown' : 'sbom.licenses';
        context.add(rule, level, verdict.code, `${named}: ${verdict.message}`, about);
      }
    }
  }
}

interface LicenseVerdict {
  readonly code: 'LICENSE_BLOCKED' | 'LICENSE_NOT_ALLOWED' | 'LICENSE_UNKNOWN';
  readonly message: string;
  readonly text: string;
  readonly expression?: LicenseExpression;
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

  /** All statements that are refused; if none is, the first that cannot be judged. */
  judge(component: Component): readonly LicenseVerdict[] {
    const statements = statementTexts(component.licenses, this.#policy.field).map((text) => this.#parse(text));
    if (statements.length === 0 && component.noPackage && statementTexts(component.licenses, 'both').length === 0)
      return [];
    if (statements.length === 0) return [unknown('', 'no licence is stated')];
    const verdicts = statements.flatMap((statement) => this.#judgeOne(statement) ?? []);
    const refused = verdicts.filter(({ code }) => code !== 'LICENSE_UNKNOWN');
    return refused.length > 0 ? refused : verdicts.slice(0, 1);
  }

  /**
   * The exception that lets a refused statement through: one that names the whole statement, or one of several that name single
   * licences of it, if what is left is allowed.
   */
  excepted(
    { text, expression }: LicenseVerdict,
    find: (id: string) => GateException | undefined,
  ): GateException | undefined {
    const whole = find(text);
    if (whole !== undefined || expression === undefined) return whole;
    const found = new Map<string, GateException>();
    for (const id of licenseIds(expression)) {
      const exception = find(id);
      if (exception !== undefined) found.set(id.toLowerCase(), exception);
    }
    const ids = new Set(found.keys());
    const passes =
      !isBlocked(expression, this.#block, ids) &&
      (this.#allow === undefined || isAllowed(expression, this.#allow, ids));
    return passes ? [...found.values()][0] : undefined;
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
      // Text that is not an expression can still be on the list of what is blocked.
      const named = this.#block.some(({ id }) => id === text.trim().toLowerCase());
      if (named) return { code: 'LICENSE_BLOCKED', message: `licence "${text}" is blocked`, text };
      return unknown(text, `licence "${text}" is not an SPDX licence expression`);
    }
    if (isBlocked(expression, this.#block))
      return { code: 'LICENSE_BLOCKED', message: `licence ${text} is blocked`, text, expression };
    if (this.#allow === undefined || isAllowed(expression, this.#allow)) {
      const strange = licenseIds(expression).find((id) => !isKnownLicense(id));
      return this.#allow === undefined && strange !== undefined
        ? unknown(text, `licence "${strange}" is not on the SPDX licence list`)
        : undefined;
    }
    return { code: 'LICENSE_NOT_ALLOWED', message: `licence ${text} is not in sbom.licenses.allow`, text, expression };
  }
}

function unknown(text: string, message: string): LicenseVerdict {
  return { code: 'LICENSE_UNKNOWN', message, text };
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
