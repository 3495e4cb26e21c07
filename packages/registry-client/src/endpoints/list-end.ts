import type { CallOptions } from '@notarykit/common/internal';
import { RegistryError } from '../errors.js';
import type { RegistryResponse } from '../http/message.js';
import type { RepositoryContext } from './context.js';
import { requestTagPage, tagPageUrl } from './tag-page.js';

/** Whether an answer without a `Link` header is the last page of its list. */
export function showsItsEnd({ links }: RepositoryContext, { filtered, headers }: RegistryResponse): boolean {
  if (headers.get('link') !== null) links.shown = true;
  return filtered !== true || links.shown || exposesLink(headers.get('access-control-expose-headers'));
}

/** The list of exposed headers is itself seen only where it is exposed, or where all are (Fetch standard, "CORS protocol"). */
function exposesLink(header: string | null): boolean {
  const names = (header ?? '').toLowerCase().split(',');
  return names.some((name) => ['*', 'link'].includes(name.trim()));
}

/**
 * For lists that cannot be asked for what comes after an entry: asks for a page of one tag. Behind it a link stands wherever there
 * are two tags, and one that is seen shows that links are exposed.
 *
 * @throws {RegistryError} `ERR_REGISTRY_HEADER_HIDDEN` when it is unknown whether the list continues
 */
export async function checkEndIsSeen(
  context: RepositoryContext,
  what: string,
  options: CallOptions,
): Promise<undefined> {
  const page = await askForOneTag(context, options);
  if (page !== undefined && page.headers.get('link') !== null) context.links.shown = true;
  if (!context.links.shown) throw hiddenEnd(context, what);
}

async function askForOneTag(context: RepositoryContext, options: CallOptions): Promise<RegistryResponse | undefined> {
  try {
    return await requestTagPage(context, tagPageUrl(context, { size: 1 }), options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    return undefined;
  }
}

/** The error of a list that may go on unseen. */
export function hiddenEnd({ registry, repository }: RepositoryContext, what: string): RegistryError {
  return new RegistryError(
    'ERR_REGISTRY_HEADER_HIDDEN',
    `${registry}/${repository}: whether ${what} goes on is in the Link header, which this platform hides from pages of another origin unless the registry exposes it: expected "Access-Control-Expose-Headers: Link" of the registry; where it is sent already, "exposesLink: true" says so`,
    { detail: { registry, retryable: false } },
  );
}
