import type { CallOptions } from '@notarykit/common';
import type { Descriptor, TagResolver } from '@notarykit/oci';

/** What a call is about: a tag, a digest, or a descriptor that was resolved before. */
export type Subject = string | Descriptor;

/** @internal */
export async function resolveSubject(
  resolver: TagResolver,
  subject: Subject,
  options: CallOptions,
): Promise<Descriptor> {
  return typeof subject === 'string' ? await resolver.resolve(subject, options) : subject;
}
