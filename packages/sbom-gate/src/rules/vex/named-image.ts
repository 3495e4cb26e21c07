import { parseReference } from '@notarykit/oci/internal';
import type { EvidenceDocument, GateEvidence } from '../../evidence/evidence.js';
import { type Purl, parsePurl } from '../../purl/parse.js';
import { platformIn } from '../../sbom/subject.js';
import { platformAgrees } from '../subject.js';

/**
 * The manifests that `pkg:oci/name` without a digest stands for. By itself a name is nothing lasting; in a document whose signed
 * manifest is attached to the image, it is that image, if it is called so. `repository_url` is only one place where the image may be
 * (purl-spec, type oci), and `tag` one name that it had; a stated platform counts.
 */
export function manifestsNamed(
  id: string,
  { target }: Pick<EvidenceDocument, 'target'>,
  { image, platforms }: Pick<GateEvidence, 'image' | 'platforms'>,
): readonly string[] {
  const purl = ociPurl(id);
  if (purl === undefined || purl.version !== undefined || purl.namespace !== undefined) return [];
  if (purl.name !== imageName(image.reference)) return [];
  const stated = platformIn(id);
  if (Object.keys(stated).length === 0) return [target];
  return platforms
    .filter(({ digest, platform }) => [digest, image.digest].includes(target) && platformAgrees(stated, platform))
    .map(({ digest }) => digest);
}

/** Package URLs of images. */
export function ociPurl(id: string): Purl | undefined {
  if (!/^pkg:\/*oci\//i.test(id)) return undefined;
  try {
    return parsePurl(id, { keys: 'any', typeRules: 'leave' });
  } catch {
    return undefined;
  }
}

/** The last part of the repository's name, which is what the type oci calls an image. */
export function imageName(reference: string | undefined): string | undefined {
  if (reference === undefined) return undefined;
  try {
    return parseReference(reference).repository.split('/').pop()?.toLowerCase();
  } catch {
    return undefined;
  }
}
