import { type Profiler, Session } from 'node:inspector/promises';

/**
 * How often functions and their blocks (loop bodies among them) of the packages ran while work was done, as V8 counts them: what an
 * algorithm costs, whatever else the machine does. What runs inside one call of the platform (a regular expression, a hash) counts
 * as one.
 */
export async function countCalls(work: () => unknown): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    await session.post('Profiler.takePreciseCoverage');
    await work();
    return sumOf((await session.post('Profiler.takePreciseCoverage')).result);
  } finally {
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}

function sumOf(scripts: readonly Profiler.ScriptCoverage[]): number {
  const ours = scripts.filter(({ url }) => /\/packages\/[a-z-]+\/(?:src|dist)\//.test(url));
  const ranges = ours.flatMap(({ functions }) => functions.flatMap((each) => each.ranges));
  return ranges.reduce((sum, { count }) => sum + count, 0);
}

/** How many times more calls work of four times the size takes. The first run is not counted: it fills what is kept. */
export async function growthOf(work: (size: number) => unknown, size: number): Promise<number> {
  await work(size);
  const once = await countCalls(() => work(size));
  return (await countCalls(() => work(size * 4))) / once;
}
