import type { TestCase, TestModule, TestSuite } from 'vitest/node';

interface Cell {
  passed: number;
  total: number;
}

/** Names from the outermost `describe` to the test. */
function pathOf(test: TestCase): string[] {
  const names = [test.name];
  for (let node: TestCase | TestSuite = test; node.parent.type === 'suite'; ) {
    node = node.parent;
    names.unshift(node.name);
  }
  return names;
}

/**
 * The cases of the signer kit by provider, each as `passed/total` over the provider's key specs: what stands below a
 * `describe` named `kms <provider>`.
 */
export function kmsTable(modules: ReadonlyArray<TestModule>): string[] {
  const columns = new Map<string, Map<string, Cell>>();
  for (const module of modules)
    for (const test of module.children.allTests()) {
      const path = pathOf(test);
      const set = path[0] ?? '';
      const { name } = test;
      if (!set.startsWith('kms ') || path.length < 3) continue;
      const column = columns.get(set.slice(4)) ?? new Map<string, Cell>();
      columns.set(set.slice(4), column);
      const cell = column.get(name) ?? { passed: 0, total: 0 };
      column.set(name, cell);
      cell.total += 1;
      if (test.result().state === 'passed') cell.passed += 1;
    }
  return columns.size === 0 ? [] : lay(columns);
}

function lay(columns: ReadonlyMap<string, ReadonlyMap<string, Cell>>): string[] {
  const providers = [...columns.keys()];
  const cases = [...new Set([...columns.values()].flatMap((column) => [...column.keys()]))];
  const text = (cell: Cell | undefined): string => (cell === undefined ? '-' : `${cell.passed}/${cell.total}`);
  const rows = [
    ['signer kit', ...providers],
    ...cases.map((name) => [name, ...providers.map((provider) => text(columns.get(provider)?.get(name)))]),
  ];
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((part, i) => part.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
