import type { Digest } from '@notarykit/oci/internal';
import { digestIn, type EndpointContext, parameter } from '../context.js';
import { answer } from '../http/answers.js';
import type { Answer } from '../http/exchange.js';

/**
 * The answer to a mount that worked; `undefined` opens an upload instead (distribution-spec, "Mounting a blob from another
 * repository"). Only repositories that the account may read are looked at.
 */
export async function mountBlob(context: EndpointContext): Promise<Answer | undefined> {
  const wanted = parameter(context, 'mount');
  if (wanted === undefined || context.abilities.mount === 'off') return undefined;
  const digest = digestIn(wanted);
  for (const name of await sources(context)) {
    if (await mountFrom(context, name, digest)) {
      const location = `/v2/${context.repository}/blobs/${digest}`;
      return answer(201, { Location: location, 'Docker-Content-Digest': digest });
    }
  }
  return undefined;
}

async function sources(context: EndpointContext): Promise<readonly string[]> {
  const from = parameter(context, 'from');
  const names =
    from !== undefined ? [from] : context.abilities.mount === 'automatic' ? await context.store.names() : [];
  return names.filter((name) => context.access.allows(name, 'pull'));
}

async function mountFrom(context: EndpointContext, name: string, digest: Digest): Promise<boolean> {
  const source = await context.store.find(name);
  if (source === undefined || (await source.blobs.size(digest)) === undefined) return false;
  const target = await context.store.open(context.repository);
  return target === source || target.blobs.link(digest, source.blobs);
}
