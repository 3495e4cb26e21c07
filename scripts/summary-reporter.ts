import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';
import { absences } from './set-reporter.ts';

/** Closes a run with which vectors were left out, and the one line that people and machines read: `N passed, N failed`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>, reason: TestRunEndReason): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== 'pending') counts[state] += 1;
      }
      if (module.state() === 'failed' && ![...module.children.allTests('failed')].length) counts.failed += 1;
    }
    if (reason === 'failed' && counts.failed === 0) counts.failed = Math.max(1, errors.length);
    // The default reporter prints its summary in the same hook; ours must come last.
    process.once('exit', () => {
      for (const line of absences(modules)) process.stdout.write(`${line}\n`);
      const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
      process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
    });
  }
}
