import { type AddressKind, type AddressRules, addressKind, isAllowedAddress } from '@notarykit/common/internal';
import { PkiError } from '../errors.js';
import { quoteUrl } from '../quote-url.js';

/**
 * Checks a URL that a certificate or CRL names: `http` (or `https`, where that is allowed), no credentials, no address that the rules refuse. Names are resolved
 * by the transport, which has to check what they resolve to (`revocationFetch` of `@notarykit/pki/node` does).
 *
 * @throws {PkiError} `ERR_PKI_REVOCATION`
 */
export function checkRevocationUrl(
  text: string,
  rules: AddressRules = {},
  { https = false }: { readonly https?: boolean } = {},
): URL {
  const url = URL.canParse(text) ? new URL(text) : refuse(text, 'no URL');
  // https would need revocation itself (RFC 5280, 8); where a redirect leads there, what comes back is signed all the same.
  if (url.protocol !== 'http:' && !(https && url.protocol === 'https:')) refuse(text, 'another scheme');
  if (url.username !== '' || url.password !== '') refuse(text, 'credentials');
  const kind = addressKind(url.hostname);
  if (!isAllowedAddress(kind, rules)) refuse(text, describeAddress(kind));
  return url;
}

/** An address that the rules refuse, and the option that allows it; reserved ones are never allowed. */
function describeAddress(kind: AddressKind | undefined): string {
  if (kind === undefined || kind === 'reserved' || !(kind in allowedBy)) return 'a reserved address';
  return `${allowedBy[kind as keyof AddressRules]}, which the option "addresses" allows ({ ${kind}: true }),`;
}

const allowedBy: Readonly<Record<keyof AddressRules, string>> = {
  loopback: 'a loopback address',
  linkLocal: 'a link-local address',
  private: 'a private address',
};

function refuse(text: string, found: string): never {
  throw new PkiError(
    'ERR_PKI_REVOCATION',
    `expected an http URL to a public host, found ${found} in ${quoteUrl(text)}`,
  );
}
