// Audits everything in a registry: `plan`, then `work` in any number of processes, then `report`. README.md says what must be set.

import type { AuditResult } from 'notarykit';
import { plan } from './run/plan.js';
import { type Report, report } from './run/report.js';
import { settingsOf } from './run/settings.js';
import { openStore } from './run/store.js';
import { work } from './run/work.js';

/** Runs one of the commands; false when the report is not all good. */
async function run(command: string | undefined): Promise<boolean> {
  if (command !== 'plan' && command !== 'work' && command !== 'report')
    throw new Error('expected one of plan, work, report');
  const settings = await settingsOf(process.env);
  const store = await openStore(settings);
  try {
    if (command === 'report') return print(await report(settings, store, printRefused));
    if (command === 'plan') console.log(`planned ${await plan(settings, store)}`);
    else console.log(`audited ${await work(settings, store, workOptions(process.env))}`);
    return true;
  } finally {
    await store.close();
  }
}

const workOptions = ({ CONCURRENCY = '8', LOCK_MS = '30000' }: NodeJS.ProcessEnv) => ({
  concurrency: Number(CONCURRENCY),
  lockMs: Number(LOCK_MS),
});

function printRefused(result: AuditResult): void {
  for (const { verdict, descriptor, problem } of [result, ...result.manifests])
    if (verdict !== 'trusted')
      console.log(`${result.repository}:${result.tags.join()} ${descriptor?.digest} ${verdict} ${problem?.code}`);
}

function print({ artifacts, manifests, missing }: Report): boolean {
  console.log(JSON.stringify({ artifacts, manifests, missing }));
  const counts = [...Object.entries(artifacts), ...Object.entries(manifests)];
  return missing === 0 && counts.every(([verdict, count]) => verdict === 'trusted' || count === 0);
}

try {
  process.exitCode = (await run(process.argv[2])) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
