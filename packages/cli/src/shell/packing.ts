import { readFile } from 'node:fs/promises';
import type { PackedArtifact, PackedContent, PackOptions } from '@notarykit/artifact-graph/internal';
import type { Arguments } from './command.js';
import { layerOf, parseFileArgument } from './file-arguments.js';
import { writeResult } from './files.js';
import type { OptionSpec } from './option-spec.js';
import { readPairs } from './pairs.js';

/** What oras calls an artifact without a type. */
export const unknownArtifact = 'application/vnd.unknown.artifact.v1';

/** Options of commands that make an artifact of files, as oras has them. */
export const packingOptions: Readonly<Record<string, OptionSpec>> = {
  'artifact-type': { type: 'string', value: 'type', help: 'what the artifact is' },
  annotation: {
    type: 'string',
    short: 'a',
    value: 'name=value',
    multiple: true,
    help: 'annotation of the manifest',
  },
  config: { type: 'string', value: 'path:type', help: 'file that becomes the config; default: the empty config' },
  'export-manifest': { type: 'string', value: 'path', help: 'write the manifest to this file, too' },
};

/** What the options and the files amount to. */
export async function readPacking(
  args: Arguments,
  files: readonly string[],
): Promise<Pick<PackOptions, 'layers' | 'config' | 'annotations'>> {
  // Sorted, so that their order on the command line does not change the digest.
  const annotations = Object.fromEntries(
    Object.entries(readPairs(args, 'annotation')).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const config = args.text('config');
  return {
    layers: await Promise.all(files.map(layerOf)),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...(config === undefined ? {} : { config: await readConfig(config) }),
  };
}

async function readConfig(text: string): Promise<PackedContent> {
  const { path, mediaType = 'application/vnd.unknown.config.v1+json' } = parseFileArgument(text);
  return { mediaType, content: new Uint8Array(await readFile(path)) };
}

/** Writes what {@link packingOptions} ask for beside the artifact. */
export async function exportManifest(args: Arguments, { bytes }: PackedArtifact): Promise<void> {
  const path = args.text('export-manifest');
  if (path !== undefined) await writeResult(path, bytes);
}
