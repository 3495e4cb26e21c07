import { NotaryKitError } from '../errors.js';
import { pinnedReference, type VerifiedBaseImage } from './pin.js';

/** A rule of BuildKit's source policy (`moby/buildkit sourcepolicy/pb/policy.proto`). */
export interface SourcePolicyRule {
  readonly action: 'ALLOW' | 'DENY' | 'CONVERT';
  readonly selector: { readonly identifier: string };
  readonly updates?: { readonly identifier: string };
}

/** A source policy of BuildKit: written as JSON, `buildctl build --source-policy-file` takes it. */
export interface SourcePolicy {
  readonly version: 1;
  readonly rules: readonly SourcePolicyRule[];
}

const image = (reference: string): string => `docker-image://${reference}`;

/**
 * A source policy with which BuildKit uses the images that were verified and no others: names are converted to the verified digest, and
 * every image that is not listed is denied. It also covers what a Dockerfile does not name itself: build contexts and frontends.
 *
 * @param images - what `verifyBaseImages` gave
 * @throws {NotaryKitError} `ERR_NOTARYKIT_BASE_IMAGE` for two digests of one name
 *
 * @example
 * ```ts
 * const images = await verifyBaseImages(dockerfile, { open, trust });
 * await writeFile('source-policy.json', JSON.stringify(buildSourcePolicy(images)));
 * ```
 */
export function buildSourcePolicy(images: readonly VerifiedBaseImage[]): SourcePolicy {
  const pinned = new Map<string, string>();
  for (const one of images) {
    const reference = pinnedReference(one);
    const name = one.reference ?? reference;
    const known = pinned.get(name);
    if (known !== undefined && known !== reference) throw twoDigests(name);
    pinned.set(name, reference);
  }
  // BuildKit looks at all rules of a name: the last of ALLOW and DENY counts, and a conversion begins anew with the new name.
  return {
    version: 1,
    rules: [
      ...['docker-image://*', 'oci-layout://*'].map((identifier) => ({
        action: 'DENY' as const,
        selector: { identifier },
      })),
      ...[...new Set(pinned.values())].map((to) => ({ action: 'ALLOW' as const, selector: { identifier: image(to) } })),
      ...[...pinned].filter(([name, to]) => name !== to).map(([name, to]) => convert(name, to)),
    ],
  };
}

function convert(name: string, to: string): SourcePolicyRule {
  return { action: 'CONVERT', selector: { identifier: image(name) }, updates: { identifier: image(to) } };
}

function twoDigests(name: string): NotaryKitError {
  return new NotaryKitError('ERR_NOTARYKIT_BASE_IMAGE', `${name} was verified twice, with two digests: verify again`);
}
