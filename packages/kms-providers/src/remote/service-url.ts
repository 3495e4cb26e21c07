import { addressKind } from '@notarykit/common/internal';
import { SignerError } from '@notarykit/signature-envelope/internal';

/** Where a service is, as its options say it. */
export interface ServiceAddress {
  readonly address: string;
  /** The caller's word that a token may travel unencrypted to another machine. */
  readonly plainHttp?: boolean;
}

/**
 * The base of a service's URLs, without a slash at its end. The text is not repeated in an error: it may hold a password.
 *
 * @throws {SignerError} reason `invalid-request` for what is not an http(s) URL of a host and a path, and for `http://` to another
 * machine than this one unless `plainHttp` is set
 */
export function serviceUrl({ address, plainHttp = false }: ServiceAddress, provider: string): string {
  const refuse = (message: string): SignerError => new SignerError(message, { reason: 'invalid-request', provider });
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw refuse('the address is not a URL of http or https');
  if (url.username !== '' || url.password !== '')
    throw refuse('the address holds a user name or password; leave it out');
  if (/[?#\\]|\/\.{1,2}(\/|$)/.test(address)) throw refuse('expected an address of a host and a plain path');
  if (url.protocol === 'http:' && !plainHttp && addressKind(url.hostname) !== 'loopback')
    throw refuse(
      `http://${url.host}: the token would travel unencrypted; use https, or set plainHttp if the network may see it`,
    );
  return url.href.replace(/\/+$/, '');
}

/**
 * A token as a header can carry it.
 *
 * @throws {SignerError} reason `unauthenticated`; the token is not in it
 */
export function headerToken(token: unknown, provider: string): string {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  const found = typeof token !== 'string' ? `a ${typeof token}` : token === '' ? 'an empty token' : 'other characters';
  throw new SignerError(
    `expected a token of printable ASCII without blanks, found ${found}; a file may end in a line break`,
    {
      reason: 'unauthenticated',
      provider,
    },
  );
}
