import { type SetCount, SetReporter } from './set-reporter.ts';

/** `<set>: <passed>/<total>` for every set of vectors. */
export default class ConformanceReporter extends SetReporter {
  override lines(sets: Map<string, SetCount>): string[] {
    return [...sets]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { passed, total }]) => `${name}: ${passed}/${total}`);
  }
}
