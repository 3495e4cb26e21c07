import { openGraph, parsePlatform, selectPlatform } from '@notarykit/artifact-graph/internal';
import type { CallOptions } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import { type Arguments, UsageError } from './command.js';
import type { OptionSpec } from './option-spec.js';
import { nameOfTarget, type Target } from './target.js';

/** The option that {@link resolveOne} reads. */
export const onePlatformOption: OptionSpec = {
  type: 'string',
  value: 'os/arch',
  help: 'of a multi-platform image the one for this platform, such as linux/arm64',
};

/** What a target names: with `--platform` the image for it in an index. */
export async function resolveOne(args: Arguments, target: Target, call: CallOptions): Promise<Descriptor> {
  const root = await target.repository.resolve(nameOfTarget(target), call);
  const wanted = args.text('platform');
  if (wanted === undefined) return root;
  const platform = parsePlatform(wanted);
  const { manifest } = await openGraph(target.repository).manifest(root, call);
  if (manifest.kind !== 'index')
    throw new UsageError(`--platform has no effect: ${root.digest} is one image, not an index`);
  const found = selectPlatform(manifest.manifests, platform);
  if (found === undefined) throw new UsageError(`--platform: ${root.digest} has no image for ${wanted}`);
  return found;
}
