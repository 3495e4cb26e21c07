import { formatPlatform, normalPlatform, type PartialPlatform, partsOfPlatform } from '@notarykit/oci/internal';
import type { GateEvidence, PlatformEvidence } from '../evidence/evidence.js';
import type { DocumentSubject } from '../sbom/document.js';

/**
 * What a document says of itself, seen from one platform: it is about it; about another image; about another platform; on the
 * index and not saying about which platform; naming no digest at all although it must.
 */
export type SubjectVerdict = 'bound' | 'otherImage' | 'otherPlatform' | 'platformUnsaid' | 'unstated';

/** What one place of a document states by its digests. */
type Stated = 'nothing' | 'this' | 'image' | 'otherImage' | 'otherPlatform';

/** Tells whether a document is about a platform. A stated digest decides, in favour and against; platforms come after. */
export class SubjectJudge {
  readonly #image: string;
  /** Manifests that a digest belongs to, as manifest or as configuration. */
  readonly #owners = new Map<string, Set<string>>();
  /** Manifests of one and the same platform. */
  readonly #platforms = new Map<string, Set<string>>();

  constructor({ image, platforms, others }: Pick<GateEvidence, 'image' | 'platforms' | 'others'>) {
    this.#image = image.digest;
    for (const platform of [...platforms, ...others]) {
      add(this.#platforms, formatPlatform(partsOfPlatform(platform.platform)), platform.digest);
      add(this.#owners, platform.digest, platform.digest);
      if (platform.configDigest !== undefined) add(this.#owners, platform.configDigest, platform.digest);
    }
  }

  /** `strict`: a document that names no digest is not believed. */
  judge(subject: DocumentSubject, target: string, platform: PlatformEvidence, strict: boolean): SubjectVerdict {
    const own = this.#stated(subject.digests, subject.imageIds ?? [], platform);
    const stated = [own, ...(subject.carriers ?? []).map((digests) => this.#stated(digests, [], platform))];
    if (stated.includes('otherPlatform')) return 'otherPlatform';
    if (stated.includes('otherImage')) return 'otherImage';
    if (stated.includes('this')) return 'bound';
    if (strict && stated.every((one) => one === 'nothing')) return 'unstated';
    return target === platform.digest ? onManifest(subject, platform) : this.#onIndex(subject, platform);
  }

  /**
   * Judges a statement about a build. One build makes an index and everything in it: a statement that is attached to the index, or
   * that names this image among others, is about this image. One that names only other images is not.
   */
  judgeBuild(
    { digests, carriers = [] }: DocumentSubject,
    { digest: own }: PlatformEvidence,
    strict: boolean,
  ): SubjectVerdict {
    const stated = [digests, ...carriers].filter((all) => all.length > 0);
    if (stated.length === 0) return strict ? 'unstated' : 'bound';
    const others = stated.find((all) => !all.includes(own) && !all.includes(this.#image));
    if (others === undefined) return 'bound';
    return others.some((digest) => this.#owners.has(digest)) ? 'otherPlatform' : 'otherImage';
  }

  #stated(digests: readonly string[], imageIds: readonly string[], { digest: own }: PlatformEvidence): Stated {
    const all = [...digests, ...imageIds];
    if (all.length === 0) return 'nothing';
    const owners = all.map((digest) => this.#owners.get(digest));
    // The digest of a sibling is never accepted, whatever is beside it.
    if (owners.some((one) => one !== undefined && !one.has(own))) return 'otherPlatform';
    if (owners.some((one) => one?.has(own) === true)) return 'this';
    return all.includes(this.#image) && imageIds.every((id) => id === this.#image) ? 'image' : 'otherImage';
  }

  /** What stands on the index must state the whole platform, and only one manifest may be of it. */
  #onIndex({ platforms = [] }: DocumentSubject, { digest }: PlatformEvidence): SubjectVerdict {
    const found = new Set(platforms.map(formatPlatform));
    const [text] = found;
    if (text === undefined || text === 'unknown') return 'platformUnsaid';
    const manifests = this.#platforms.get(text);
    if (found.size > 1 || manifests?.has(digest) !== true) return 'otherPlatform';
    return manifests.size === 1 ? 'bound' : 'platformUnsaid';
  }
}

/** What stands on the manifest of a platform is about it, unless it states another one. */
function onManifest({ platforms = [] }: DocumentSubject, { platform }: PlatformEvidence): SubjectVerdict {
  if (platform === 'unknown') return 'bound';
  return platforms.every((stated) => platformAgrees(stated, platform)) ? 'bound' : 'otherPlatform';
}

/** Whether every part that is stated is the same; a part that is not stated contradicts nothing. */
export function platformAgrees(stated: PartialPlatform, platform: string): boolean {
  const own: PartialPlatform = partsOfPlatform(platform);
  const parts = normalPlatform(stated);
  const { variant, ...rest } = normalPlatform(own);
  const variantStated = stated.variant !== undefined || parts.variant !== undefined;
  const kept = variantStated || variant === undefined ? {} : { variant };
  return formatPlatform({ ...rest, ...kept, ...parts }) === formatPlatform(own);
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}
