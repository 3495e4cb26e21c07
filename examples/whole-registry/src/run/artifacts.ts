import type { RegistryEndpoint } from '@notarykit/registry-client';
import { auditTargets } from 'notarykit';
import type { Job } from './store.js';

/** Everything in the registry that has a tag, repository by repository, each artifact once. */
export async function* artifactsOf(registry: RegistryEndpoint): AsyncGenerator<Job> {
  for await (const name of registry.repositories())
    for (const { reference, tags = [] } of await auditTargets(registry.repository(name), {
      concurrency: 16,
      maxTags: 100_000,
    }))
      yield { repository: name, reference, tags };
}
