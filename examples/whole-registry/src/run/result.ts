import { isVerdictName } from '@notarykit/common';
import type { AuditResult } from 'notarykit';
import { type Job, nameOf, type Store } from './store.js';

/** Longer than a run takes. */
const lifeMs = 7 * 24 * 60 * 60 * 1000;

const keyOf = (run: string, job: Pick<Job, 'repository' | 'reference'>): string => `audit-result:${run}:${nameOf(job)}`;

/**
 * The result of an artifact; `undefined` when none is kept, when its seal is not one of these workers, or when an earlier version, which
 * named verdicts differently, wrote it.
 */
export async function resultOf(store: Store, run: string, job: Job): Promise<AuditResult | undefined> {
  const text = await store.cache.get(keyOf(run, job));
  if (text === undefined) return undefined;
  const result = JSON.parse(text) as AuditResult;
  return [result, ...result.manifests].every(({ verdict }) => isVerdictName(verdict)) ? result : undefined;
}

/**
 * Keeps a result, without its reports, under the artifact that was audited, and rejects unless it is there: the job is then tried again.
 */
export async function keepResult(store: Store, run: string, job: Job, result: AuditResult): Promise<void> {
  const key = keyOf(run, { repository: job.repository, reference: result.descriptor ?? job.reference });
  const text = JSON.stringify(result, (member, value: unknown) => (member === 'report' ? undefined : value));
  await store.cache.set(key, text, lifeMs);
  if ((await store.cache.get(key)) !== text) throw new Error(`the result of ${job.repository} is not kept`);
}

/** False when a registry did not answer and the like: then nothing is known of the artifact, or of a manifest in it. */
export const isDecided = (result: AuditResult): boolean =>
  [result, ...result.manifests].every(({ verdict }) => verdict !== 'undecided');
