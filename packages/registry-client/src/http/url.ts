/** A URL as it may appear in messages: no query, no fragment, no user information. */
function withoutQuery(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return '(not a URL)';
  }
}

/** What messages call the URL of a request. */
export const nameOf = ({ url, shown }: { readonly url: string; readonly shown?: string | undefined }): string =>
  shown ?? withoutQuery(url);

/**
 * What messages call a URL that a server chose: its path may hold a secret, and, being made absolute, in pieces that are not found
 * again.
 */
export const chosenBySomebody = (url: string): string => `${new URL(url).origin}/…`;

/** A URL made absolute against `base`, `undefined` when it is not a URL. */
export function resolveUrl(text: string, base: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
