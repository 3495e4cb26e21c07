import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';
import { absentVectors } from './vectors.mjs';

export interface SetCount {
  passed: number;
  total: number;
}

declare module 'vitest' {
  interface TaskMeta {
    /** How many vectors one test stands for; a test without it counts as one (see test/vectors.ts). */
    vectors?: { passed: number; total: number };
    /** The set of third-party vectors that this test was skipped for. */
    absentVectors?: string;
    /** Lines of a table that the run prints at its end. */
    table?: readonly string[];
  }
}

function topLevelName(test: TestCase): string {
  let node: TestCase | TestSuite = test;
  while (node.parent.type === 'suite') node = node.parent;
  return node.name;
}

/** Adds up the tests of a run by the name of their outermost `describe`. */
export function countSets(modules: ReadonlyArray<TestModule>): Map<string, SetCount> {
  const sets = new Map<string, SetCount>();
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const name = topLevelName(test);
      const set = sets.get(name) ?? { passed: 0, total: 0 };
      sets.set(name, set);
      const { state } = test.result();
      if (state === 'skipped') continue;
      const vectors = test.meta().vectors ?? { passed: state === 'passed' ? 1 : 0, total: 1 };
      set.passed += vectors.passed;
      set.total += vectors.total;
    }
  }
  return sets;
}

/** The line about the sets of vectors that were left out; none where all were there. */
export function absences(modules: ReadonlyArray<TestModule>): string[] {
  const tests = modules.flatMap((module) => [...module.children.allTests('skipped')]);
  const sets = tests.flatMap((test) => test.meta().absentVectors ?? []);
  return sets.length === 0 ? [] : [absentVectors(sets)];
}

export function failures(modules: ReadonlyArray<TestModule>): string[] {
  const lines: string[] = [];
  for (const module of modules) {
    for (const error of module.errors()) lines.push(`${module.moduleId}: ${error.message}`);
    for (const test of module.children.allTests('failed')) {
      const [error] = test.result().errors ?? [];
      lines.push(`${test.fullName}: ${error?.message ?? 'failed'}`);
    }
  }
  return lines;
}

/** The lines of tables that tests have left. */
export function tables(modules: ReadonlyArray<TestModule>): string[] {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  return tests.flatMap((test) => test.meta().table ?? []);
}

/** Base of the reporters that print one line per set at the very end of a run. */
export abstract class SetReporter implements Reporter {
  abstract lines(sets: Map<string, SetCount>): string[];

  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<{ message: string }>): void {
    for (const line of [...failures(modules), ...errors.map((error) => error.message)])
      process.stdout.write(`FAILED ${line}\n`);
    const lines = [...tables(modules), ...absences(modules), ...this.lines(countSets(modules))];
    for (const line of lines) process.stdout.write(`${line}\n`);
  }
}
