import { openGraph } from '@notarykit/artifact-graph/internal';
import { defined } from '@notarykit/common/internal';
import {
  canonicalRepository,
  type Descriptor,
  type Digest,
  isDigest,
  OciError,
  type Repository,
} from '@notarykit/oci/internal';
import { signatureArtifactType } from '@notarykit/signature-envelope/internal';
import type { BundledArtifact } from './document.js';
import { bundleProblem } from './problem.js';

/** The content of a bundle, and what says what belongs to it. */
export interface BundleContent {
  readonly layout: Repository;
  /** Digest of the archive; none where a layout was opened that does not say what it is. */
  readonly source?: string;
}

/** The repositories of a bundle, by any spelling of their names. */
export function namedRepositories(
  content: BundleContent,
  artifacts: readonly BundledArtifact[],
): (name: string) => Repository {
  const groups = new Map<string, BundledArtifact[]>();
  for (const artifact of artifacts) {
    const name = canonicalRepository(artifact.repository);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [artifact]);
    else group.push(artifact);
  }
  const known = new Map<string, Repository>();
  return (name) => {
    const repository = known.get(name) ?? namedRepository(content, name, groups.get(canonicalRepository(name)) ?? []);
    known.set(name, repository);
    return repository;
  };
}

/**
 * A bundle under the name of a repository. Its tags are those that the document gives to artifacts of that name; as referrers it lists
 * those that the document names, and signatures. Anything else in the archive is not listed: no signature vouches for it.
 */
function namedRepository({ layout, source }: BundleContent, name: string, own: readonly BundledArtifact[]): Repository {
  const named = new Set<Digest>(own.flatMap(({ referrers }) => referrers.map(({ digest }) => digest)));
  const view = openGraph(layout);
  const refuse = async (): Promise<never> => {
    throw bundleProblem('MALFORMED', 'a bundle cannot be written to: make a new one');
  };
  return {
    name,
    ...defined({ source }),
    exists: (descriptor, options) => layout.exists(descriptor, options),
    fetch: (descriptor, options) => layout.fetch(descriptor, options),
    resolve: async (reference, options) =>
      isDigest(reference) ? await layout.resolve(reference, options) : taggedBy(own, name, reference),
    async *referrers(subject, options) {
      for await (const referrer of view.listReferrersNow(subject, options))
        if (named.has(referrer.digest) || referrer.artifactType === signatureArtifactType) yield referrer;
    },
    push: refuse,
    tag: refuse,
  };
}

function taggedBy(artifacts: readonly BundledArtifact[], name: string, wanted: string): Descriptor {
  const tagged = new Map(
    artifacts.filter(({ tag }) => tag === wanted).map(({ descriptor }) => [descriptor.digest, descriptor]),
  );
  const [first] = tagged.values();
  if (first === undefined) throw new OciError('ERR_OCI_NOT_FOUND', `the bundle holds no ${name}:${wanted}`);
  if (tagged.size === 1) return first;
  throw bundleProblem('MALFORMED', `the bundle gives the tag ${name}:${wanted} to ${tagged.size} artifacts`);
}
