import { defined } from '@notarykit/common/internal';
import { checkRepositoryName } from '@notarykit/oci/internal';
import { Refusal } from './answers.js';
import type { RouteName } from './exchange.js';

/** What a request is about. */
export interface Route {
  readonly name: RouteName;
  readonly repository?: string;
  /** Tag, digest or upload session: the last part of the path. */
  readonly reference?: string;
}

const patterns: readonly (readonly [RouteName, RegExp])[] = [
  ['ping', /^\/v2\/?$/],
  ['catalog', /^\/v2\/_catalog$/],
  ['token', /^\/token$/],
  ['tags', /^\/v2\/(?<repository>.+)\/tags\/list$/],
  ['manifest', /^\/v2\/(?<repository>.+)\/manifests\/(?<reference>[^/]+)$/],
  ['uploads', /^\/v2\/(?<repository>.+)\/blobs\/uploads\/?$/],
  ['upload', /^\/v2\/(?<repository>.+)\/blobs\/uploads\/(?<reference>[^/]+)$/],
  ['blob', /^\/v2\/(?<repository>.+)\/blobs\/(?<reference>[^/]+)$/],
  ['referrers', /^\/v2\/(?<repository>.+)\/referrers\/(?<reference>[^/]+)$/],
];

/**
 * Finds the endpoint of a path. The path is decoded once; an encoded slash, a NUL or a dot segment cannot appear in a
 * repository name and is refused where the name is checked.
 */
export function routeOf(pathname: string): Route {
  const path = decode(pathname);
  for (const [name, pattern] of patterns) {
    const match = pattern.exec(path);
    if (match === null) continue;
    const { repository, reference } = match.groups ?? {};
    return {
      name,
      ...defined({ repository, reference }),
    };
  }
  return { name: 'other' };
}

function decode(pathname: string): string {
  // An encoded slash would move the borders of name and reference: it stays encoded and fails the grammar.
  const kept = pathname.replace(/%2f/gi, '%252F');
  try {
    return decodeURIComponent(kept);
  } catch {
    return pathname;
  }
}

/** The repository of a route, checked against the grammar. */
export function repositoryOf(route: Route): string {
  const { repository = '' } = route;
  try {
    checkRepositoryName(repository);
  } catch (error) {
    throw new Refusal(400, 'NAME_INVALID', (error as Error).message);
  }
  return repository;
}
