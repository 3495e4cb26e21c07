import { type CallOptions, isJsonArray, isJsonObject, type JsonValue, parseJson } from '@notarykit/common';
import { type Descriptor, type Digest, parseDescriptor } from '@notarykit/oci';
import { repositoryScope } from '../auth/scope.js';
import { protocolError, type RepositoryContext, statusOf, urlOf } from './context.js';

/**
 * Referrers as registries listed them before OCI 1.1 (oras-project/artifacts-spec, manifest-referrers-api.md): by the path of
 * v1.0.0-rc.1, else by that of draft.1. A registry that knows neither has none. Only the first page is read.
 */
export async function readLegacyReferrers(
  context: RepositoryContext,
  digest: Digest,
  options: CallOptions,
): Promise<readonly Descriptor[]> {
  const { origin, repository } = context;
  const candidates = [
    [urlOf(context, `_oras/artifacts/referrers?digest=${encodeURIComponent(digest)}`), 'referrers'],
    [`${origin}/oras/artifacts/v1/${repository}/manifests/${digest}/referrers`, 'references'],
  ] as const;
  for (const [url, member] of candidates) {
    const list = await listAt(context, url, member, options);
    if (list !== undefined) return list;
  }
  return [];
}

async function listAt(
  context: RepositoryContext,
  url: string,
  member: string,
  options: CallOptions,
): Promise<readonly Descriptor[] | undefined> {
  try {
    const { bytes } = await context.send({
      method: 'GET',
      url,
      kind: 'probe',
      scopes: [repositoryScope(context.repository, 'pull')],
      expect: [200],
      limit: context.limits.manifestBytes,
      signal: options.signal,
    });
    return descriptorsOf(context, bytes, member);
  } catch (error) {
    const status = statusOf(error) ?? 0;
    if (status === 400 || status === 404 || status === 405 || (status >= 300 && status < 400)) return undefined;
    throw error;
  }
}

function descriptorsOf(context: RepositoryContext, bytes: Uint8Array, member: string): readonly Descriptor[] {
  let document: JsonValue;
  try {
    document = parseJson(bytes);
  } catch (cause) {
    throw protocolError(context, 'the ORAS list of referrers is not JSON', cause);
  }
  const list = isJsonObject(document) ? (document[member] ?? []) : undefined;
  if (!isJsonArray(list)) throw protocolError(context, `the ORAS list of referrers has no array "${member}"`);
  return list.map((item, i) => parseDescriptor(item, `${member}[${i}]`));
}
