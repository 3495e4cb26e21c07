import type { TestModule } from 'vitest/node';
import { kmsTable } from './kms-table.ts';
import { type SetCount, SetReporter } from './set-reporter.ts';

/** `<set>: <passed>/<total>` for every set of vectors; before them, the cases of the signer kit by provider. */
export default class ConformanceReporter extends SetReporter {
  override onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<{ message: string }>): void {
    for (const line of kmsTable(modules)) process.stdout.write(`${line}\n`);
    super.onTestRunEnd(modules, errors);
  }

  override lines(sets: Map<string, SetCount>): string[] {
    return [...sets]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { passed, total }]) => `${name}: ${total === 0 ? 'skipped' : `${passed}/${total}`}`);
  }
}
