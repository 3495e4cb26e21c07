import { type AuditResult, type AuditSummary, summarizeAudit } from 'notarykit';
import { artifactsOf } from './artifacts.js';
import { resultOf } from './result.js';
import type { Settings } from './settings.js';
import type { Store } from './store.js';

/** A run in numbers. */
export interface Report extends AuditSummary {
  /** Artifacts in the registry of which there is no result: of these nothing is known, and the run is not over. */
  readonly missing: number;
}

/**
 * Counts what was found of every artifact that is in the registry now. The registry says what there is, not the queue: an artifact that
 * was pushed meanwhile, or whose job or result was lost, is missing, and never counts as good.
 */
export async function report(
  { registry, run }: Settings,
  store: Store,
  each: (result: AuditResult) => void,
): Promise<Report> {
  let missing = 0;
  async function* results(): AsyncGenerator<AuditResult> {
    for await (const job of artifactsOf(registry)) {
      const result = await resultOf(store, run, job);
      if (result === undefined) {
        missing++;
        continue;
      }
      // What the registry says now, whatever the job said.
      const current = {
        ...result,
        tags: job.tags,
        ...(typeof job.reference === 'object' && { descriptor: job.reference }),
      };
      each(current);
      yield current;
    }
  }
  return { ...(await summarizeAudit(results())), missing };
}
