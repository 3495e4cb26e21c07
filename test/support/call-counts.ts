import { type Profiler, Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';

/** Which scripts are counted, by their address. */
export type CountedScripts = (url: string) => boolean;

/** Scripts of a package of this repository; without a name of all of them. */
export function scriptsOf(name = '[a-z-]+'): CountedScripts {
  const place = new RegExp(`/packages/${name}/(?:src|dist)/`);
  return (url) => place.test(url);
}

// Only functions that are compiled after this have counters for their blocks, and a function is compiled when it is first called:
// nothing of what is counted may be called while modules are loaded. Stopped and started again, V8 would count calls alone.
// Optimized code counts less than it does.
for (const flag of ['--no-opt', '--no-maglev', '--no-sparkplug']) setFlagsFromString(flag);
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/**
 * How often functions and their blocks (loop bodies among them) of the packages ran while work was done, as V8 counts them: what an
 * algorithm costs, whatever else the machine does. What runs inside one call of the platform (a regular expression, a hash) counts
 * as one.
 */
export async function countCalls(work: () => unknown, counted: CountedScripts = scriptsOf()): Promise<number> {
  await session.post('Profiler.takePreciseCoverage');
  await work();
  return sumOf((await session.post('Profiler.takePreciseCoverage')).result, counted);
}

function sumOf(scripts: readonly Profiler.ScriptCoverage[], counted: CountedScripts): number {
  const ranges = scripts
    .filter(({ url }) => counted(url))
    .flatMap(({ functions }) => functions.flatMap((each) => each.ranges));
  return ranges.reduce((sum, { count }) => sum + count, 0);
}

/** How many times more calls work of four times the size takes. The first run is not counted: it fills what is kept. */
export async function growthOf(work: (size: number) => unknown, size: number): Promise<number> {
  return await growth((count) => () => work(count), size);
}

/** The same for work that is made ready first: 4 for what is linear, 16 for what is quadratic. */
export async function growth(
  make: (size: number) => () => unknown,
  size: number,
  counted?: CountedScripts,
): Promise<number> {
  const [small, large] = [make(size), make(4 * size)];
  await small();
  const once = await countCalls(small, counted);
  return (await countCalls(large, counted)) / once;
}
