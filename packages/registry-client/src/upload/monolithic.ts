import { type Bytes, copyBytes, readBytes } from '@notarykit/common/internal';
import type { ContentSource, Descriptor } from '@notarykit/oci/internal';
import { platform } from '@notarykit/transport/internal';
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
  // Where a body cannot be a stream, one that is sent whole is held whole.
  const whole = typeof content === 'function' && !platform.streamsUploads;
  const collected = whole ? await readBytes(open(), { limit: descriptor.size }) : undefined;
  await finishUpload(context, location, descriptor, bodyOf(descriptor, content, open, collected), signal);
}

function bodyOf(
  descriptor: Descriptor,
  content: ContentSource,
  open: OpenSource,
  collected: Bytes | undefined,
): RequestBody {
  const { size } = descriptor;
  if (collected !== undefined) return { size, open: () => collected, replayable: true };
  if (typeof content !== 'function' && (size <= smallSize || !platform.streamsUploads)) {
    return { size, open: () => copyBytes(content), replayable: true };
  }
  return { size, open, replayable: true };
}
