import { quote } from '@notarykit/common/internal';
import { canonicalRepository } from '@notarykit/oci/internal';
import type { OciTrustStatement } from './policy.js';
import { type Place, refuse } from './read.js';

// The language of notation's two expressions, written without the ambiguity that makes them exponential here.
const domainPattern =
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]+)?$/;
const componentPattern = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const longest = 512;

/** Whether a text is `domain/repository`, without scheme, tag or digest (trust-store-trust-policy.md, "Registry scopes"). */
export function isRegistryScope(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 1 || text.length > longest) return false;
  const components = text.slice(slash + 1).split('/');
  return domainPattern.test(text.slice(0, slash)) && components.every((component) => componentPattern.test(component));
}

/** Whether a text is a registry's host, with port where there is one. */
export function isRegistry(text: string): boolean {
  return text.length <= longest && domainPattern.test(text);
}

/**
 * The scopes of one statement in their canonical spelling, by which repositories are compared: two spellings of one repository must not
 * lead to two statements.
 */
export function readScopes(scopes: readonly string[], place: Place): readonly string[] {
  if (scopes.length === 0)
    refuse(place, 'scopes', 'registryScopes', 'expected at least one scope, "*" or "registry/repository"');
  if (scopes.includes('*') && scopes.length > 1)
    refuse(place, 'scopeWildcard', 'registryScopes', '"*" must be the only entry');
  for (const [i, scope] of scopes.entries()) {
    if (scope !== '*' && !isRegistryScope(scope)) {
      refuse(
        place,
        'scopeFormat',
        `registryScopes[${i}]`,
        `expected "registry/repository" without scheme, tag or digest, found ${quote(scope)}`,
      );
    }
  }
  return scopes.map((scope) => (scope === '*' ? scope : canonicalRepository(scope)));
}

/** One scope belongs to one statement. */
export function checkDistinctScopes(statements: readonly OciTrustStatement[], place: Place): void {
  const owners = new Map<string, string>();
  for (const { name, registryScopes } of statements) {
    for (const scope of registryScopes) {
      const owner = owners.get(scope);
      if (owner !== undefined) {
        refuse(
          { ...place, statement: name },
          'duplicateScope',
          'registryScopes',
          `scope ${quote(scope)} is already in statement ${quote(owner)}; one scope belongs to one statement`,
        );
      }
      owners.set(scope, name);
    }
  }
}
