import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  applyExpectedFailures,
  CaseError,
  loadCase,
  loadCases,
  pageOf,
  problemsOf,
  type Report,
  readExpectedFailures,
  reportOf,
  runCommand,
} from '../../../conformance/kit.mjs';
import { temporaryFolder } from '../../interop/support/folder.js';
import { runProgram } from '../../interop/support/program.js';

const folder = temporaryFolder();
const runner = fileURLToPath(new URL('../../../conformance/run.mjs', import.meta.url));
const cases = loadCases(undefined, [
  'jws-es256-oci',
  'jws-crit-missing',
  'policy-level-skip',
  'policy-level-audit-expired',
]);

/** An adapter that does what a line of JavaScript says; `request` is the request, `say` prints and ends. */
function adapter(name: string, body: string): string[] {
  const file = join(folder, `${name}.mjs`);
  const head = `import { readFileSync } from 'node:fs';
const request = JSON.parse(readFileSync(process.argv[3], 'utf8'));
const say = (answer, code) => { console.log(JSON.stringify(answer)); process.exitCode = code; };\n`;
  writeFileSync(file, head + body);
  return [process.execPath, file];
}

const right = adapter(
  'right',
  `const answers = {
  'jws-es256-oci': [{ verdict: 'trusted', logged: [] }, 0],
  'jws-crit-missing': [{ verdict: 'refused', decidingValidation: 'integrity' }, 1],
  'policy-level-skip': [{ verdict: 'skipped' }, 2],
  'policy-level-audit-expired': [{ verdict: 'trusted', logged: ['expiry'] }, 0],
};
say(...answers[request.id]);`,
);
const results = async (body: string, name: string) =>
  Object.fromEntries((await runCommand(cases, adapter(name, body))).map(({ id, result }) => [id, result]));
const all = (result: string) => Object.fromEntries(cases.map(({ id }) => [id, result]));

describe('the runner of the conformance kit', () => {
  test('passes an implementation that answers as the specification says', async () => {
    const outcome = await runCommand(cases, right);
    expect(outcome).toEqual(cases.map(({ id }) => ({ id, result: 'passed' })));
  });

  test('compares only the verdict of an implementation that reports nothing else', async () => {
    const body = `const verdict = { 'jws-es256-oci': 'trusted', 'jws-crit-missing': 'refused', 'policy-level-skip': 'skipped' }[request.id] ?? 'trusted';
say({ verdict }, { trusted: 0, refused: 1, skipped: 2 }[verdict]);`;
    expect(await results(body, 'verdicts')).toEqual(all('passed'));
  });

  test.each([
    [
      'always trusted',
      `say({ verdict: 'trusted' }, 0)`,
      { 'jws-crit-missing': 'failed', 'policy-level-skip': 'failed' },
    ],
    [
      'always refused',
      `say({ verdict: 'refused' }, 1)`,
      { 'jws-es256-oci': 'failed', 'policy-level-skip': 'failed', 'policy-level-audit-expired': 'failed' },
    ],
    [
      'another validation',
      `say({ verdict: 'refused', decidingValidation: 'expiry' }, 1)`,
      {
        'jws-es256-oci': 'failed',
        'jws-crit-missing': 'failed',
        'policy-level-skip': 'failed',
        'policy-level-audit-expired': 'failed',
      },
    ],
    [
      'nothing logged',
      `say({ verdict: 'trusted', logged: [] }, 0)`,
      { 'jws-crit-missing': 'failed', 'policy-level-skip': 'failed', 'policy-level-audit-expired': 'failed' },
    ],
  ])('fails an implementation: %s', async (name, body, wrong) => {
    expect(await results(body, name.replaceAll(' ', '-'))).toEqual({ ...all('passed'), ...wrong });
  });

  test.each([
    ['an exit code that contradicts the verdict', `say({ verdict: 'trusted' }, 1)`],
    ['no JSON', `console.log('trusted')`],
    ['nothing', ''],
    ['a crash', `throw new Error('lost')`],
    ['an unknown verdict', `say({ verdict: 'fine' }, 0)`],
    ['an unknown validation', `say({ verdict: 'refused', decidingValidation: 'luck' }, 1)`],
  ])('counts no answer as a failure: %s', async (name, body) => {
    expect(await results(body, name.replaceAll(/\W/g, '-'))).toEqual(all('failed'));
  });

  test('skips features that an implementation reports, or is configured, as missing', async () => {
    expect(await results(`say({ unsupported: 'everything' }, 3)`, 'lacking')).toEqual(all('skipped'));
    const [plugin] = await runCommand(loadCases(undefined, ['plugin-missing']), right, { without: ['plugins'] });
    expect(plugin).toMatchObject({ result: 'skipped', difference: 'unsupported: plugins' });
  });

  test('explains known failures, and fails a list that is no longer true', () => {
    const list = [{ cases: ['a-*'], reason: 'because' }];
    const given = [
      { id: 'a-1', result: 'failed', difference: 'x' },
      { id: 'a-2', result: 'passed' },
      { id: 'b-1', result: 'failed', difference: 'y' },
    ] as const;
    const applied = applyExpectedFailures(given, list);
    expect(applied.map(({ result }) => result)).toEqual(['xfailed', 'xpassed', 'failed']);
    expect(applied[0]?.reason).toBe('because');
    const file = join(folder, 'unexplained.json');
    writeFileSync(file, JSON.stringify({ expectedFailures: [{ cases: ['*'], reason: '' }] }));
    expect(() => readExpectedFailures(file)).toThrow('reason');
  });

  test('one command runs a foreign program and writes a report for people and for machines', async () => {
    const output = join(folder, 'report');
    const args = ['--adapter', right.join(' '), '--name', 'right', '--output', output];
    const { code, stdout } = await runProgram(process.execPath, [runner, ...args, ...cases.map(({ id }) => id)]);
    expect(stdout).toContain('right: 4/4 passed, 0 unexplained, 0 known, 0 not supported');
    expect(code).toBe(0);
    const report = JSON.parse(readFileSync(join(output, 'report.json'), 'utf8')) as Report;
    expect(report.counts).toMatchObject({ passed: 4, total: 4 });
    const page = readFileSync(join(output, 'report.md'), 'utf8');
    for (const { id, specification } of cases) {
      expect(page).toContain(`| ${id} |`);
      expect(page).toContain(specification.url);
    }
  });

  test('one page shows several reports, case by implementation', async () => {
    const first = reportOf('first', '1', cases, await runCommand(cases, right));
    const failed = cases.map(({ id }) => ({ id, result: 'xfailed', difference: 'a | b', reason: 'because' }) as const);
    const page = pageOf([first, reportOf('second', '1', cases, failed)]);
    expect(page).toContain('| case | expected | first | second | section |');
    expect(page).toContain('| jws-crit-missing | refused (integrity) | ✓ | (✗) |');
    expect(page).toContain('| jws-crit-missing | a \\| b | because |');
    expect(page).toContain('| second | 0 | 0 | 4 | 0 | 4 |');
  });

  test('ends with exit code 1 when anything is unexplained, and when no case was run', async () => {
    const wrong = adapter('wrong', `say({ verdict: 'trusted' }, 0)`);
    const run = (...args: string[]) => runProgram(process.execPath, [runner, '--adapter', wrong.join(' '), ...args]);
    const { code, stdout } = await run('jws-crit-missing');
    expect(stdout).toContain('jws-crit-missing: verdict: expected refused, found trusted');
    expect(code).toBe(1);
    expect((await run('no-such-case')).code).toBe(1);
  });
});

describe('a case that is not as the README says', () => {
  const good = JSON.parse(readFileSync(join(cases[0]?.directory as string, 'case.json'), 'utf8')) as object;
  const directory = cases[0]?.directory as string;
  const id = cases[0]?.id as string;

  test.each([
    ['another version of the schema', { schemaVersion: 2 }, 'schemaVersion'],
    ['another id than its directory', { id: 'other' }, 'id'],
    ['no reason', { why: '' }, 'why'],
    ['no section', { specification: {} }, 'specification'],
    ['an unknown feature', { requires: ['luck'] }, 'requires'],
    ['an unknown verdict', { expected: { verdict: 'fine' } }, 'verdict'],
    ['a refusal without its validation', { expected: { verdict: 'refused' } }, 'decidingValidation'],
    ['a time without a clock', { time: '2030-01-01T00:00:00Z' }, 'clock'],
    ['a file that is not there', { config: 'nowhere' }, 'nowhere'],
  ])('is refused: %s', (_, change, named) => {
    expect(problemsOf(good, directory, id)).toEqual([]);
    expect(problemsOf({ ...good, ...change }, directory, id).join('; ')).toContain(named);
  });

  test('is refused: no JSON', () => {
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'case.json'), '{');
    expect(() => loadCase(broken, 'broken')).toThrow(CaseError);
  });
});
