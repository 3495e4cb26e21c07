import type { Answer, RegistryRequest } from '../http/exchange.js';
import type { Route } from '../http/route.js';
import { isAbout, isDue, type Rule } from './rule.js';

/** The rules of a registry, in the order they were added; each sees what those after it answer. */
export interface RuleBook {
  /** Adds a rule; the function that comes back removes it. */
  add(rule: Rule): () => void;
  clear(): void;
  /** The answer to a request; `serve` is the registry without rules. */
  answer(request: RegistryRequest, route: Route, serve: () => Promise<Answer>): Promise<Answer>;
}

/** An empty rule book. */
export function ruleBook(): RuleBook {
  const rules: { readonly rule: Rule; hits: number }[] = [];
  return {
    add(rule) {
      const entry = { rule, hits: 0 };
      rules.push(entry);
      return () => {
        const at = rules.indexOf(entry);
        if (at >= 0) rules.splice(at, 1);
      };
    },
    clear() {
      rules.length = 0;
    },
    async answer(request, route, serve) {
      const due = rules
        .filter(({ rule }) => isAbout(rule, request, route))
        .map((entry) => ({ ...entry, hit: ++entry.hits }));
      const acting = due.filter(({ rule, hit }) => isDue(rule, hit));
      const run = async (index: number): Promise<Answer> => {
        const entry = acting[index];
        if (entry === undefined) return serve();
        return entry.rule.action({ request, route, hit: entry.hit, next: () => run(index + 1) });
      };
      return run(0);
    },
  };
}
