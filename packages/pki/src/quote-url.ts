import { quote } from '@notarykit/common/internal';

/** A URL, or what should be one, in a message: without user name and password. @internal */
export function quoteUrl(text: string): string {
  if (!text.includes('@')) return quote(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // `user:password@host` has the form of a URL with the scheme `user`.
  if (url === undefined || url.host === '') return quote(`…${text.slice(text.lastIndexOf('@'))}`);
  if (url.username === '' && url.password === '') return quote(text);
  url.username = '';
  url.password = '';
  return quote(url.href);
}
