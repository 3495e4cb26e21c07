import type { GateRule, GateRuleInput, GateRuleViolation, ProvenanceDocument } from '@notarykit/sbom-gate';
import { type ReadImage, readImage } from '../image/read.js';
import type { CheckedDockerfile } from './build.js';
import type { Setup } from './setup.js';

/** The code of the rule where the image is what it says. */
export const sharedBase = 'x-base/shared';

/**
 * A rule of the caller, beside `provenance.baseImages`. That one compares what the builder says with what was verified; this one looks at
 * the image: the base image that its annotation names was verified, is the one of the provenance, and its layers are the lowest layers.
 */
export async function baseRule(
  { privateRegistry }: Setup,
  reference: string,
  { baseImages }: CheckedDockerfile,
): Promise<GateRule> {
  const image = await readImage(privateRegistry.client.repository('net-monitor'), reference);
  const repository = privateRegistry.client.repository('base/debian');
  const bases = await Promise.all(baseImages.map((digest) => readImage(repository, digest)));
  return {
    name: 'base',
    identity: `base/1 ${[image, ...bases].map(({ descriptor }) => descriptor.digest).join(' ')}`,
    evaluate: (input) => [judge(image, bases, input)],
  };
}

function judge(
  image: ReadImage,
  bases: readonly ReadImage[],
  { image: judged, provenance }: GateRuleInput,
): GateRuleViolation {
  const named = image.annotations['org.opencontainers.image.base.digest'];
  const base = bases.find(({ descriptor }) => descriptor.digest === named);
  if (judged.digest !== image.descriptor.digest)
    return { code: 'x-base/other-image', message: `${judged.digest} is not the image that was read` };
  if (base === undefined)
    return {
      code: 'x-base/not-verified',
      message: `the image names ${named ?? 'no base image'}, which was not verified`,
    };
  if (!allName(provenance, base))
    return { code: 'x-base/provenance', message: `the provenance does not name ${named}` };
  if (!beginsWith(image, base))
    return { code: 'x-base/layers', message: `the lowest layers of the image are not those of ${named}` };
  const message = `${base.layers.length} of ${image.layers.length} layers are those of ${named}, which was verified`;
  return { code: sharedBase, level: 'info', message };
}

/** No provenance names nothing. */
function allName(provenance: GateRuleInput['provenance'], { descriptor }: ReadImage): boolean {
  const names = ({ materials }: ProvenanceDocument) =>
    materials.some(({ digests }) => digests.includes(descriptor.digest));
  return provenance.length > 0 && provenance.every(names);
}

function beginsWith(image: ReadImage, base: ReadImage): boolean {
  const own = image.config.rootfs.diff_ids;
  return (
    base.layers.length > 0 &&
    base.layers.every(({ digest }, i) => image.layers[i]?.digest === digest) &&
    base.config.rootfs.diff_ids.every((id, i) => own[i] === id)
  );
}
