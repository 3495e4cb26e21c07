import type { ExtendedScope } from './policy.js';

/** Whether a scope is for everything that another one is for. */
export function coversScope(wide: ExtendedScope, narrow: ExtendedScope): boolean {
  switch (wide.kind) {
    case 'any':
      return true;
    case 'registry':
      return narrow.text === wide.text || narrow.text.startsWith(`${wide.text}/`);
    case 'prefix':
      return narrow.text.startsWith(wide.prefix);
    case 'repository':
      return narrow.text === wide.text;
  }
}

/** The greater, the more specific: a repository, then the longest prefix, then a registry, then `*`. */
export function specificityOf(scope: ExtendedScope): number {
  switch (scope.kind) {
    case 'repository':
      return Number.POSITIVE_INFINITY;
    case 'prefix':
      return scope.prefix.length;
    case 'registry':
      return 1;
    case 'any':
      return 0;
  }
}
