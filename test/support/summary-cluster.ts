import { createCachedImageVerifier, type ImageVerdict, verifyWith } from '@notarykit/admission';
import { parseImage } from '@notarykit/admission/internal';
import type { Digest, Repository } from '@notarykit/oci';
import type { GateOptions } from 'notarykit';
import { inScope, type SummarySetup } from './summary-setup.js';

/** A cluster that remembers no verdict and accepts summaries. */
export interface SummaryCluster {
  /** What it has read. */
  readonly read: ReadonlySet<Digest>;
  ask(): Promise<ImageVerdict>;
}

export function clusterOf(setup: SummarySetup, gate: Partial<GateOptions> = {}): SummaryCluster {
  const read = new Set<Digest>();
  const repository: Repository = {
    ...setup.repository,
    fetch(descriptor, options) {
      read.add(descriptor.digest);
      return setup.repository.fetch(descriptor, options);
    },
  };
  const policy = { trust: inScope(setup), gate: { policy: setup.options.policy, ...gate } };
  const verify = createCachedImageVerifier(verifyWith({ policy, open: () => repository }));
  return { read, ask: () => verify(parseImage(`registry.test/app@${setup.root.digest}`), { dryRun: false }) };
}
