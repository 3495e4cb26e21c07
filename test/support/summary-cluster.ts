import { cachedVerifier, type ImageVerdict, parseImage, verifyWith } from '@notarykit/admission';
import type { Digest, Repository } from '@notarykit/oci';
import type { GateOptions } from 'notarykit';
import { inScope, type SummaryWorld } from './summary-world.js';

/** A cluster that remembers no verdict and accepts summaries. */
export interface SummaryCluster {
  /** What it has read. */
  readonly read: ReadonlySet<Digest>;
  ask(): Promise<ImageVerdict>;
}

export function clusterOf(world: SummaryWorld, gate: Partial<GateOptions> = {}): SummaryCluster {
  const read = new Set<Digest>();
  const repository: Repository = {
    ...world.repository,
    fetch(descriptor, options) {
      read.add(descriptor.digest);
      return world.repository.fetch(descriptor, options);
    },
  };
  const policy = { trust: inScope(world), gate: { policy: world.options.policy, ...gate } };
  const verify = cachedVerifier(verifyWith({ policy, open: () => repository }));
  return { read, ask: () => verify(parseImage(`registry.test/app@${world.root.digest}`), { dryRun: false }) };
}
