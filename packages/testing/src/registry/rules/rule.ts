import type { Answer, RegistryRequest, RouteName } from '../http/exchange.js';
import type { Route } from '../http/route.js';

/** What an action works with. */
export interface RuleContext {
  readonly request: RegistryRequest;
  readonly route: Route;
  /** How many requests the rule has matched, this one included. */
  readonly hit: number;
  /** What would be answered without the rule. */
  readonly next: () => Promise<Answer>;
}

/** Answers in place of the registry, or changes its answer. */
export type Action = (context: RuleContext) => Answer | Promise<Answer>;

/** When to do what. All given conditions must hold; without any, the rule is for every request. */
export interface Rule {
  readonly method?: string | readonly string[];
  readonly route?: RouteName | readonly RouteName[];
  readonly repository?: string | RegExp;
  /** Tag, digest or upload session. */
  readonly reference?: string | RegExp;
  readonly when?: (request: RegistryRequest, route: Route) => boolean;
  /** Only the first so many matching requests. */
  readonly first?: number;
  /** Only the matching request of this number, from 1. */
  readonly nth?: number;
  /** Only matching requests from this number on. */
  readonly from?: number;
  /** Only every so manieth matching request. */
  readonly every?: number;
  readonly action: Action;
}

/** Whether a rule is about a request, its count aside. */
export function isAbout(rule: Rule, request: RegistryRequest, route: Route): boolean {
  return (
    isOneOf(rule.method, request.method) &&
    isOneOf(rule.route, route.name) &&
    fits(rule.repository, route.repository) &&
    fits(rule.reference, route.reference) &&
    (rule.when?.(request, route) ?? true)
  );
}

/** Whether the count of a rule lets it act. */
export function isDue({ first, nth, from, every }: Rule, hit: number): boolean {
  return (
    (first === undefined || hit <= first) &&
    (nth === undefined || hit === nth) &&
    (from === undefined || hit >= from) &&
    (every === undefined || hit % every === 0)
  );
}

function isOneOf(wanted: string | readonly string[] | undefined, found: string): boolean {
  return wanted === undefined || (typeof wanted === 'string' ? wanted === found : wanted.includes(found));
}

function fits(wanted: string | RegExp | undefined, found: string | undefined): boolean {
  if (wanted === undefined) return true;
  if (found === undefined) return false;
  return typeof wanted === 'string' ? wanted === found : wanted.test(found);
}
