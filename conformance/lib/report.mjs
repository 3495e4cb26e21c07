// The outcome of a run as JSON and as a page: case by implementation.

/** Counts by result. */
export function countsOf(results) {
  const counts = { passed: 0, failed: 0, xfailed: 0, xpassed: 0, skipped: 0, total: results.length };
  for (const { result } of results) counts[result] += 1;
  return counts;
}

/** The report of one implementation, as it is written to a file and read back for a page. */
export function reportOf(implementation, kitVersion, cases, results) {
  const about = new Map(cases.map((one) => [one.id, one]));
  return {
    reportVersion: 1,
    kit: kitVersion,
    implementation,
    counts: countsOf(results),
    results: results.map((one) => {
      const { expected, requirement, specification, why } = about.get(one.id);
      return { ...one, expected, requirement, why, specification };
    }),
  };
}

const signs = { passed: '✓', failed: '✗', xfailed: '(✗)', xpassed: '(✓)', skipped: '–' };
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');

/** One page over several reports: what was counted, what differs and why, and every case. */
export function pageOf(reports) {
  const names = reports.map(({ implementation }) => implementation);
  const byId = new Map();
  for (const { implementation, results } of reports)
    for (const one of results) byId.set(one.id, { ...byId.get(one.id), id: one.id, about: one, [implementation]: one });
  const rows = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return [
    `# Conformance of ${names.join(' and ')}`,
    '',
    `Kit ${reports[0].kit}. ✓ as the specification says · ✗ otherwise · (✗) otherwise, known and explained · – not supported`,
    '',
    ...countTable(reports),
    '',
    ...reports.flatMap(differencesOf),
    '## Cases',
    '',
    `| case | expected | ${names.join(' | ')} | section |`,
    `| --- | --- | ${names.map(() => '---').join(' | ')} | --- |`,
    ...rows.map((row) => {
      const { expected, specification } = row.about;
      const deciding =
        expected.decidingValidation === undefined ? '' : ` (${[expected.decidingValidation].flat().join(' or ')})`;
      const cells = names.map((name) => (row[name] === undefined ? '' : signs[row[name].result]));
      return `| ${row.id} | ${expected.verdict}${deciding} | ${cells.join(' | ')} | [${cell(`${specification.document}, ${specification.section}`)}](${specification.url}) |`;
    }),
    '',
  ].join('\n');
}

function countTable(reports) {
  return [
    '| implementation | passed | failed | known failures | not supported | cases |',
    '| --- | --- | --- | --- | --- | --- |',
    ...reports.map(
      ({ implementation, counts: c }) =>
        `| ${implementation} | ${c.passed} | ${c.failed + c.xpassed} | ${c.xfailed} | ${c.skipped} | ${c.total} |`,
    ),
  ];
}

function differencesOf({ implementation, results }) {
  const differing = results.filter(({ result }) => ['failed', 'xfailed', 'xpassed'].includes(result));
  if (differing.length === 0) return [];
  return [
    `## What differs in ${implementation}`,
    '',
    '| case | difference | reason |',
    '| --- | --- | --- |',
    ...differing.map(
      ({ id, difference = '', reason = '**unexplained**' }) => `| ${id} | ${cell(difference)} | ${cell(reason)} |`,
    ),
    '',
  ];
}

/**
 * Lines of a small table: groups of cases (the first word of their ids) by implementation, as passed of those that it supports, and
 * how many of the rest are known.
 */
export function tableOf(reports) {
  const groupOf = ({ id }) => id.replace(/-.*/, '');
  const groups = [...new Set(reports.flatMap(({ results }) => results.map(groupOf)))].sort();
  const cellOf = (results) => {
    const { passed, skipped, xfailed, total } = countsOf(results);
    return `${passed}/${total - skipped}${xfailed === 0 ? '' : ` (${xfailed} known)`}${skipped === 0 ? '' : ` -${skipped}`}`;
  };
  const rows = [
    ['conformance kit', ...reports.map(({ implementation }) => implementation)],
    ...groups.map((group) => [
      group,
      ...reports.map(({ results }) => cellOf(results.filter((one) => groupOf(one) === group))),
    ]),
    ['all', ...reports.map(({ results }) => cellOf(results))],
  ];
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) =>
    row
      .map((part, i) => part.padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  );
}
