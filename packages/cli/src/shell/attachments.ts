import { fileLayer } from '@notarykit/artifact-graph/node';
import { defined } from '@notarykit/common/internal';
import type { PublishedFile } from 'notarykit/internal';
import { type Arguments, UsageError } from './command.js';
import { parseFileArgument } from './file-arguments.js';
import type { OptionSpec } from './option-spec.js';

/** The option that {@link readAttachments} reads. */
export const attachOption: OptionSpec = {
  type: 'string',
  value: 'artifact-type=path:type',
  multiple: true,
  help: 'file to attach and sign, after the type of the artifact that it becomes',
};

/** What `--attach` names, one artifact each. */
export function readAttachments(args: Arguments): Promise<readonly PublishedFile[]> {
  return Promise.all(args.texts('attach').map(readAttachment));
}

async function readAttachment(text: string): Promise<PublishedFile> {
  const [, artifactType, file] = /^([^=]+\/[^=]+)=(.+)$/.exec(text) ?? [];
  if (artifactType === undefined || file === undefined)
    throw new UsageError(
      `--attach: expected artifact-type=path:type, such as sbom/example=sbom.json:application/json, found "${text}"`,
    );
  const { path, mediaType } = parseFileArgument(file);
  return { artifactType, files: [await fileLayer(path, defined({ mediaType }))] };
}
