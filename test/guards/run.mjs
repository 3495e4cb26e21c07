// Proves that every named guard is held by a test: node test/guards/run.mjs [id …]
// Each row of test/guards/*.guards.mjs says which text of which file is the guard and what to put in its place (`edits`: several,
// where guards stand behind each other and only all of them together can be missed); with the guard removed, a test whose name begins with the id (or with `only`, where other tests would run for ever) must fail. Before that, all those tests must pass with the guards in place.
import { allRows, checkRow, run } from './without.mjs';

const wanted = process.argv.slice(2);
const rows = (await allRows()).filter(({ id }) => wanted.length === 0 || wanted.includes(id));

async function judge(row) {
  const { tests, broken } = await run(row, [row.test], row.only ?? row.id);
  const failed = tests.filter(({ status }) => status === 'failed');
  if (broken.length > 0) return 'the test file did not load: the replacement is not valid code';
  if (tests.length === 0) return `no test in ${row.test} begins with ${row.id}`;
  return failed.length > 0 ? undefined : 'every test passes without it';
}

const problems = rows.flatMap(checkRow);
if (problems.length === 0) {
  const files = [...new Set(rows.map(({ test }) => test))];
  const { tests, broken } = await run(undefined, files);
  const failed = tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
  if (broken.length > 0 || failed.length > 0)
    problems.push(`with all guards in place: ${failed.join('; ') || 'no report'}`);
}

if (problems.length === 0) {
  const queue = [...rows];
  const work = async () => {
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
      const problem = await judge(row);
      console.log(`guard ${row.id} (${row.what}): ${problem ?? 'held'}`);
      if (problem !== undefined) problems.push(`${row.id} (${row.what}): ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: 2 }, work));
}

for (const problem of problems) console.error(problem);
console.log(`guards: ${rows.length - problems.length}/${rows.length} held by a test`);
process.exitCode = problems.length === 0 ? 0 : 1;
