import { type Descriptor, type Digest, parseReference } from '@notarykit/oci';
import type { RegistryRepository } from '@notarykit/registry-client';
import { parseBaseImages } from 'notarykit';
import type { ImageFile } from './layer.js';
import { pushImage } from './push.js';
import { readImage } from './read.js';

/** An image, and the base image that its builder used. */
export interface BuiltImage {
  readonly image: Descriptor;
  readonly base: { readonly name: string; readonly digest: Digest };
}

/** What a build gets. */
export interface BuildInput {
  readonly dockerfile: string;
  /** The files that `COPY . /` copies. */
  readonly context: readonly ImageFile[];
  readonly open: (repository: string) => RegistryRepository;
  readonly target: RegistryRepository;
}

/**
 * A small builder. It pulls the base image by the digest in the Dockerfile, puts its own layer upon the base's layers, and records
 * in the annotations of the manifest what it built upon (image-spec, annotations.md). It knows `ARG`, `FROM`, `COPY . /` and `CMD`.
 */
export async function build({ dockerfile, context, open, target }: BuildInput): Promise<BuiltImage> {
  const base = baseOf(dockerfile);
  const command = readCommand(dockerfile);
  const image = await pushImage(target, {
    base: await readImage(open(base.repository), base.digest),
    layers: [{ createdBy: 'COPY . /', files: context }],
    command,
    annotations: {
      'org.opencontainers.image.base.name': base.name,
      'org.opencontainers.image.base.digest': base.digest,
    },
  });
  return { image, base };
}

function baseOf(dockerfile: string): BuiltImage['base'] & { readonly repository: string } {
  const [first, second] = parseBaseImages(dockerfile);
  const { registry, repository, tag, digest } = parseReference(first?.reference ?? '');
  if (digest === undefined || second !== undefined)
    throw new Error('the Dockerfile must build on one image, named by its digest');
  return { repository, digest, name: `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}` };
}

function readCommand(dockerfile: string): readonly string[] {
  const [copy, command = '', ...more] = dockerfile
    .split('\n')
    .filter((line) => line !== '' && !/^(?:ARG|FROM) /.test(line));
  const [, json] = /^CMD (\[.*\])$/.exec(command) ?? [];
  if (copy !== 'COPY . /' || json === undefined || more.length > 0)
    throw new Error('the builder of the story knows ARG, FROM, COPY . / and CMD ["…"], in this order');
  return JSON.parse(json) as string[];
}
