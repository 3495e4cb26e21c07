import { defined, iterate } from '@notarykit/common/internal';
import {
  type Annotations,
  type ContentSource,
  checkMediaType,
  createDigester,
  type Descriptor,
  openSource,
} from '@notarykit/oci/internal';

/** A blob to pack: its content, or the descriptor of content that is in the repository already. */
export interface BlobInput {
  readonly mediaType: string;
  /** Bytes, or a factory that gives the same stream each time: it is read once to hash, once to push. */
  readonly content: ContentSource;
  readonly annotations?: Annotations;
}

/** A blob with its descriptor. */
export interface DescribedBlob {
  readonly descriptor: Descriptor;
  readonly content: ContentSource;
}

/** Hashes a blob without keeping it in memory. */
export async function describeBlobInput(
  { mediaType, content, annotations }: BlobInput,
  options: { readonly signal?: AbortSignal } = {},
): Promise<DescribedBlob> {
  checkMediaType(mediaType);
  const digester = createDigester();
  let size = 0;
  for await (const chunk of iterate(openSource(content), options.signal)) {
    digester.update(chunk);
    size += chunk.length;
  }
  const descriptor = {
    mediaType,
    digest: digester.digest(),
    size,
    ...defined({ annotations }),
  };
  return { descriptor, content };
}
