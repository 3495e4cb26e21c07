import type http from 'node:http';

/** How one URL is reached. */
export interface Route {
  readonly agent: http.Agent;
  /** Whether a proxy connects in place of this machine, and resolves the name. */
  readonly throughProxy: boolean;
  /** Set when a plain request goes to a proxy: where it is sent instead. */
  readonly proxied?: Proxied;
}

/** Where a plain request for `target` is sent: the proxy, with the whole URL as its path. */
export type Proxied = (
  target: URL,
) => Pick<http.RequestOptions, 'hostname' | 'port' | 'path'> & { readonly headers: Record<string, string> };
