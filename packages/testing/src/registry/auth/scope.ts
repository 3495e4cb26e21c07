import type { RegistryRequest } from '../http/exchange.js';
import type { Route } from '../http/route.js';
import type { RegistryAction } from './access.js';

/** An action in a repository. */
export interface Need {
  readonly repository: string;
  readonly action: RegistryAction;
}

/** What a request needs; `undefined` where being somebody is enough (ping, catalog). */
export function needOf(request: RegistryRequest, route: Route): Need | undefined {
  const { repository } = route;
  if (repository === undefined) return undefined;
  return { repository, action: actionOf(request.method, route) };
}

function actionOf(method: string, route: Route): RegistryAction {
  if (route.name === 'uploads' || route.name === 'upload') return 'push';
  if (method === 'DELETE') return 'delete';
  return method === 'GET' || method === 'HEAD' ? 'pull' : 'push';
}

/** The scopes that a challenge names (distribution token specification). A mount asks for its source in the same token. */
export function scopesOf(request: RegistryRequest, need: Need): string {
  const actions = { pull: 'pull', push: 'pull,push', delete: 'delete' }[need.action];
  const source = request.url.searchParams.get('mount') === null ? null : request.url.searchParams.get('from');
  const own = `repository:${need.repository}:${actions}`;
  return source === null ? own : `${own} repository:${source}:pull`;
}

/** A scope as a token request writes it: the type up to the first colon, the actions after the last. */
export function parseScope(
  text: string,
): { readonly repository: string; readonly actions: readonly string[] } | undefined {
  const match = /^repository:(.+):([a-z,*]+)$/.exec(text);
  return match === null ? undefined : { repository: match[1] ?? '', actions: (match[2] ?? '').split(',') };
}
