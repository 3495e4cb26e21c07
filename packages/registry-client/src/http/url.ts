/** A URL as it may stand in messages: no query, no fragment, no user information. */
export function withoutQuery(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return '(not a URL)';
  }
}

/** A URL made absolute against `base`, `undefined` when it is none. */
export function resolveUrl(text: string, base: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
