// Runs the kit: node conformance/run.mjs --adapter "<command>" [pattern…]; see README.md for everything else.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { casesFolder, loadCases } from './lib/cases.mjs';
import { applyExpectedFailures, readExpectedFailures, unusedPatterns } from './lib/expected-failures.mjs';
import { countsOf, pageOf, reportOf } from './lib/report.mjs';
import { runCommand } from './lib/run-kit.mjs';
import { runSigning } from './lib/signing.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const version = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).version;
const usage = `usage: node run.mjs --adapter "<command>" [options] [pattern…]    run the cases (all, or those whose id fits: *, jws-*, …)
       node run.mjs --implementation notarykit|notation [pattern…]  the same, with an adapter of the kit and its list of known failures
       node run.mjs --sign --adapter "<command>" [pattern…]         sign with it, and read what came out
       node run.mjs --check [pattern…]                              look whether the cases are well-formed
       node run.mjs --page <report.json>…                           one page over several reports, on standard output
options: --name <implementation>     its name in the report
         --expected-failures <file>  what it is known to decide otherwise, with reasons
         --without <feature,…>       features that it does not have: blob, clock, plugins, revocation, timestamp, user-metadata
         --cases <folder>            another folder of cases
         --output <folder>           write report.json and report.md there`;

const options = {
  adapter: { type: 'string' },
  implementation: { type: 'string' },
  name: { type: 'string' },
  'expected-failures': { type: 'string' },
  without: { type: 'string' },
  cases: { type: 'string', default: casesFolder },
  output: { type: 'string' },
  sign: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
  page: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/** Adapter, name and list of an implementation that the kit knows; paths are relative to the kit. */
function known(name) {
  const file = join(here, 'implementations', `${name}.json`);
  const { implementation, adapter } = JSON.parse(readFileSync(file, 'utf8'));
  return { name: implementation, command: [process.execPath, join(here, adapter)], list: file };
}

const words = (command) => command.split(' ').filter((word) => word !== '');

/** What the options name. */
function chosen(values) {
  if (values.implementation !== undefined) return known(values.implementation);
  return { name: values.name ?? values.adapter, command: words(values.adapter), list: values['expected-failures'] };
}

async function sign(values, patterns) {
  const { name, command } = chosen(values);
  const results = await runSigning(command, patterns.length === 0 ? {} : { patterns });
  for (const one of results) if (one.result === 'failed') console.log(`${one.id}: ${one.difference}`);
  const { passed, failed, skipped, total } = countsOf(results);
  console.log(`${name}: ${passed}/${total} signatures as specified, ${failed} wrong, ${skipped} not supported`);
  return failed === 0 ? 0 : 1;
}

async function run(values, patterns) {
  const { name, command, list } = chosen(values);
  const cases = loadCases(resolve(values.cases), patterns);
  const expected = readExpectedFailures(list);
  const without = values.without?.split(',') ?? [];
  const results = applyExpectedFailures(await runCommand(cases, command, { without }), expected);
  const unused =
    patterns.length > 0 || values.cases !== casesFolder
      ? []
      : unusedPatterns(
          cases.map(({ id }) => id),
          expected,
        );
  for (const one of results)
    if (['failed', 'xpassed'].includes(one.result)) console.log(`${one.id}: ${one.difference}`);
  for (const pattern of unused) console.log(`${pattern}: an expected failure that names no case`);
  const report = reportOf(name, version, cases, results);
  if (values.output !== undefined) {
    mkdirSync(values.output, { recursive: true });
    writeFileSync(join(values.output, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(join(values.output, 'report.md'), pageOf([report]));
  }
  const { passed, failed, xfailed, xpassed, skipped, total } = countsOf(results);
  console.log(
    `${name}: ${passed}/${total} passed, ${failed + xpassed} unexplained, ${xfailed} known, ${skipped} not supported`,
  );
  return failed + xpassed + unused.length === 0 && total > 0 ? 0 : 1;
}

async function main() {
  const { values, positionals } = parseArgs({
    options,
    allowPositionals: true,
    args: process.argv.slice(2).filter((arg) => arg !== '--'),
  });
  if (values.page) console.log(pageOf(positionals.map((file) => JSON.parse(readFileSync(file, 'utf8')))));
  else if (values.check) console.log(`${loadCases(resolve(values.cases), positionals).length} cases are well-formed`);
  else if (values.help || (values.adapter ?? values.implementation) === undefined) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
  } else process.exitCode = await (values.sign ? sign(values, positionals) : run(values, positionals));
}

await main();
