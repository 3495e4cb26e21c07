import type { Bytes } from '@notarykit/common';
import type { ContentSource, Descriptor } from '@notarykit/oci';
import type { RepositoryContext } from '../endpoints/context.js';
import type { RequestBody } from '../http/message.js';
import { finishUpload } from './session.js';
import { type OpenSource, smallSize } from './source.js';

/** Sends the whole content in the `PUT` that ends the session. */
export async function uploadWhole(
  context: RepositoryContext,
  location: string,
  descriptor: Descriptor,
  content: ContentSource,
  open: OpenSource,
  signal?: AbortSignal,
): Promise<void> {
  await finishUpload(context, location, descriptor, bodyOf(descriptor, content, open), signal);
}

function bodyOf(descriptor: Descriptor, content: ContentSource, open: OpenSource): RequestBody {
  const { size } = descriptor;
  if (typeof content !== 'function' && size <= smallSize) {
    return { size, open: () => content.slice() as Bytes, replayable: true };
  }
  return { size, open, replayable: true };
}
