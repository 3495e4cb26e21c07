import { isJsonArray, parseJson } from '@notarykit/common/internal';
import { type Digest, OciError, parseDigest } from '@notarykit/oci/internal';
import type { GatePolicy } from '@notarykit/sbom-gate/internal';
import { type Arguments, UsageError } from './command.js';
import { readDigests } from './digests.js';
import { readParsed } from './files.js';
import type { OptionSpec } from './option-spec.js';

/** Options that say which base images were verified before the build. */
export const verifiedBaseOptions: Readonly<Record<string, OptionSpec>> = {
  'base-images': {
    type: 'string',
    value: 'path',
    multiple: true,
    help: 'file of "base-images --digests": the images that were verified before the build; for "baseImages: verified"',
  },
  'base-image': {
    type: 'string',
    value: 'digest',
    multiple: true,
    help: 'an image that was verified before the build; for "baseImages: verified"',
  },
};

/** The digests that {@link verifiedBaseOptions} name. A policy that does not ask for them would let them pass without a look. */
export async function readVerifiedBases(
  args: Arguments,
  { name, provenance }: Pick<GatePolicy, 'name' | 'provenance'>,
): Promise<readonly Digest[]> {
  const given = Object.keys(verifiedBaseOptions).find((each) => args.texts(each).length > 0);
  if (given !== undefined && provenance?.baseImages !== 'verified')
    throw new UsageError(`--${given} has no effect: the policy ${name} does not say "provenance.baseImages: verified"`);
  const files = await Promise.all(args.texts('base-images').map((path) => readParsed(path, parseDigests)));
  return [...files.flat(), ...readDigests(args, 'base-image')];
}

function parseDigests(bytes: Uint8Array): readonly Digest[] {
  const digests = parseJson(bytes);
  if (!isJsonArray(digests)) throw new OciError('ERR_OCI_INVALID', 'expected a JSON array of digests');
  return digests.map((digest) => {
    if (typeof digest !== 'string') throw new OciError('ERR_OCI_INVALID', 'expected digests, found something else');
    parseDigest(digest);
    return digest as Digest;
  });
}
