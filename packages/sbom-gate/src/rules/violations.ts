import { quote } from '@notarykit/common/internal';

import type { OutcomeLevel } from '../outcome.js';

const codePattern = /^x-[a-z0-9.-]+\/[A-Za-z0-9_.-]+$/;

const levels: readonly unknown[] = ['deny', 'warn', 'info', undefined, null];

/** What a rule answers, each member read once. A violation that is not understood must not be lost: it makes the whole answer invalid. */
export function violationsOf(found: unknown): readonly GateRuleViolation[] {
  if (!Array.isArray(found)) throw new Error(`expected a list of violations, found ${quote(found)}`);
  return Array.from<unknown, GateRuleViolation>(found, violationOf);
}

function violationOf(found: unknown): GateRuleViolation {
  const { code, message, level, package: about, finding } = Object(found) as Record<keyof GateRuleViolation, unknown>;
  if (typeof code !== 'string' || !codePattern.test(code))
    throw new Error(`its code ${quote(code)} is not like x-name/code`);
  if (typeof message !== 'string') throw new Error(`the message of ${code} is not text`);
  if (!levels.includes(level)) throw new Error(`the level of ${code} is ${quote(level)}, not deny, warn or info`);
  return { code, message, level, package: textOf(about), finding: textOf(finding) } as GateRuleViolation;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A violation that a rule of the caller found. */
export interface GateRuleViolation {
  /** `x-<name>/<code>`. */
  readonly code: `x-${string}/${string}`;
  readonly message: string;
  /** Default `deny`. */
  readonly level?: Exclude<OutcomeLevel, 'rescan'>;
  readonly package?: string;
  readonly finding?: string;
}
