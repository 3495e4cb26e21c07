import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GateDecision, GateError } from '@notarykit/sbom-gate';
import { TrustError } from '@notarykit/trust-policy';
import { helpOf } from 'notarykit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Action, Conclusion } from '../../../actions/src/action/action.js';
import { concludeRefusal } from '../../../actions/src/action/refusal.js';
import { runAction } from '../../../actions/src/action/run.js';
import { placeFindings, refusalLog, type SarifResult } from '../../../actions/src/action/sarif.js';

let folder: string;
let said: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-report-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  for (const name of ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY']) {
    await writeFile(join(folder, name), '');
    vi.stubEnv(name, join(folder, name));
  }
  vi.stubEnv('GITHUB_WORKSPACE', folder);
  vi.stubEnv('GITHUB_WORKFLOW_REF', 'wabbit/net-monitor/.github/workflows/release.yml@refs/heads/main');
});
afterEach(() => {
  process.exitCode = undefined;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Runs an action that does `work`, and gives what it left. */
async function leave(work: Action<never, 'verdict'>['run']) {
  await runAction({ inputs: [], outputs: ['verdict'], run: work });
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const code = process.exitCode;
  return { code, output: await read('GITHUB_OUTPUT'), summary: await read('GITHUB_STEP_SUMMARY') };
}

const conclusion = (more: Partial<Conclusion<'verdict'>>): Conclusion<'verdict'> => ({
  passed: true,
  headline: 'decided',
  explanation: 'because',
  outputs: { verdict: 'trusted' },
  ...more,
});

const finding = (level: SarifResult['level'], text: string): SarifResult => ({
  ruleId: 'rule',
  level,
  message: { text },
});

it('lines that look like commands are not commands, in the log and in annotations', async () => {
  const text = '::set-output name=verdict::trusted\n##[add-mask]x\n::error::forged';
  await leave(async () =>
    conclusion({ explanation: text, findings: { runs: [{ results: [finding('error', text)] }] } }),
  );
  const [, token = ''] = /^::stop-commands::(.+)$/m.exec(said) ?? [];
  expect(token).toMatch(/^[0-9a-f-]{36}$/);
  expect(said).toContain(`::stop-commands::${token}\n${text}\n::${token}::\n`);
  expect(said).toContain('::error title=rule::::set-output name=verdict::trusted%0A##[add-mask]x%0A::error::forged');
});

it('escapes untrusted text in the summary', async () => {
  const { summary } = await leave(async () =>
    conclusion({ headline: '<b>&</b>', explanation: '</code></pre><img src=x onerror=alert(1)>' }),
  );
  expect(summary).toContain('&lt;b&gt;&amp;&lt;/b&gt;');
  expect(summary).toContain('&lt;/code&gt;&lt;/pre&gt;&lt;img src=x onerror=alert(1)&gt;');
});

it('an empty line in a text ends no block of the summary', async () => {
  const { summary } = await leave(async () => conclusion({ explanation: 'one\n\n[two](https://example.test)' }));
  expect(summary).toMatch(/<\/h3>\n\n<pre><code>one\n\n\[two\]\(https:\/\/example\.test\)<\/code><\/pre>/);
});

it('truncates a summary beyond the limit of the runner, but not the log', async () => {
  const explanation = 'x'.repeat(2 * 1024 * 1024);
  const { summary } = await leave(async () => conclusion({ explanation }));
  expect(summary.length).toBeLessThan(1024 * 1024);
  expect(summary).toContain('the whole text is in the log');
  expect(said).toContain(explanation);
});

it('a step shows ten annotations of a level, and says how many are left out', async () => {
  const results = Array.from({ length: 20 }, (_, i) => finding('error', `finding ${i}`));
  await leave(async () => conclusion({ passed: false, findings: { runs: [{ results }] } }));
  const errors = said.match(/^::error.*$/gm) ?? [];
  expect([errors.length, errors[0], errors.at(-1)]).toEqual([
    10,
    '::error::decided',
    '::error::12 more; see the summary of the job',
  ]);
});

it('a step that fails has failed, also where its findings cannot be written', async () => {
  vi.stubEnv('INPUT_SARIF-FILE', join(folder, 'none', 'x.sarif'));
  const findings = { runs: [{ results: [] }] } as const;
  const { code, output } = await leave(async () => conclusion({ findings }));
  expect([code, output]).toEqual([1, expect.stringMatching(/^verdict<<([^\n]+)\nfailed\n\1\n$/)]);
});

it('fails when work is left pending', () => {
  void runAction({ inputs: [], outputs: ['verdict'], run: () => new Promise<never>(() => undefined) });
  expect(process.exitCode).toBe(1);
});

it('redacts secrets from an error and its causes', async () => {
  const { code, summary } = await leave(async ({ secrets }) => {
    secrets.keep('the-password');
    throw new Error('first', { cause: new Error(`login with the-password: ${btoa('the-password')}`) });
  });
  expect([code, said]).toEqual([1, expect.stringContaining('::error::first: login with ***: ***')]);
  expect(summary).not.toContain('the-password');
});

describe('an error', () => {
  const judged = { subject: 'registry.test/app', trustPolicy: undefined };
  it.each([
    new TrustError('ERR_TRUST_POLICY', 'not a policy'),
    new TrustError('ERR_TRUST_STORE', 'not a store'),
    new GateError('ERR_GATE_EVIDENCE', 'not decided'),
    new GateError('ERR_GATE_POLICY', 'not a policy'),
    new TypeError('not ours'),
  ])('is not reported as a verdict: %s', (error) => {
    expect(() => concludeRefusal(error, judged)).toThrow(error);
  });

  it('fails, also when its decision says ALLOW', () => {
    const detail = { verdict: 'ALLOW' } as GateDecision;
    const error = new GateError('ERR_GATE_DENIED', 'an ALLOW without a proof', { detail });
    const { passed, outputs, explanation } = concludeRefusal(error, judged);
    expect({ passed, outputs, explanation }).toEqual({
      passed: false,
      outputs: { verdict: 'deny' },
      explanation: `an ALLOW without a proof\nmore: ${helpOf(error)}`,
    });
  });

  it('a verdict without a report has one finding', () => {
    const error = new TrustError('ERR_TRUST_NO_STATEMENT', 'no statement applies');
    const { passed, outputs, findings } = concludeRefusal(error, judged);
    expect({ passed, outputs }).toEqual({ passed: false, outputs: { verdict: 'refused' } });
    expect(findings?.runs[0].results).toMatchObject([{ ruleId: 'ERR_TRUST_NO_STATEMENT', level: 'error' }]);
  });
});

describe('findings', () => {
  const placed = (policy: string | undefined, text = 'no') => {
    const [run] = placeFindings(refusalLog('rule', text), { subject: 'registry.test/app', policy }).runs;
    return run.results[0] as SarifResult & { locations: object[]; partialFingerprints: object };
  };
  const at = (uri: string) => [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } } }];
  it('are shown at the policy, or at the workflow where the policy is not in the source', () => {
    expect(placed(join(folder, 'policies/my policy.json')).locations).toEqual(at('policies/my%20policy.json'));
    expect(placed('/etc/notation/trustpolicy.json').locations).toEqual(at('.github/workflows/release.yml'));
    expect(placed(undefined).locations).toEqual(at('.github/workflows/release.yml'));
  });

  it('at one place have different fingerprints', () => {
    expect(placed(undefined, 'a').partialFingerprints).not.toEqual(placed(undefined, 'b').partialFingerprints);
    expect(placed(undefined, 'a').partialFingerprints).toEqual(placed(undefined, 'a').partialFingerprints);
    expect(placed(undefined).message.text).toBe('registry.test/app: no');
  });
});
