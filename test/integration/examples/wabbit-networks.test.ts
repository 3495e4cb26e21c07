import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { files, stepsOf, textOf } from '../../../scripts/demo-recording.mjs';
import { type Bundle, bundle } from '../../support/bundle.js';
import { type Ended, runProgram } from '../../support/run-program.js';

const verdict = 'verdict: net-monitor:v1 is in production, trusted, and five others are not';

let program: Bundle;
beforeAll(async () => {
  program = await bundle('examples/wabbit-networks/src/main.ts', ['advisories'], ['scanner']);
});
afterAll(() => program?.remove());

describe('the story of Wabbit Networks', () => {
  let played: Ended;
  beforeAll(async () => {
    played = await runProgram(program.path);
  });
  /** What is told between a line and the end of its chapter. */
  const after = (line: string): string => played.stdout.split(line, 2)[1]?.split('\n\n', 1)[0] ?? '';

  it('is played to its end', () => {
    const { code, stdout, stderr } = played;
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(verdict);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const refusal of ['ERR_TRUST_NO_SIGNATURE', 'ERR_TRUST_NOT_VERIFIED', 'ERR_GATE_DENIED'])
      expect(stdout).toContain(refusal);
  });

  it('has the chapters and steps of its recording', async () => {
    const steps = stepsOf(played.stdout);
    expect(steps).toContain('Five refusals');
    expect(stepsOf(textOf(await readFile(files.cast, 'utf8'))), 'run: pnpm demo:record').toEqual(steps);
  });

  it('signs with keys of key services, which requested their certificates', () => {
    const certified = after('Keys, in the key services of the companies').match(/got the certificate of \S+/g);
    expect(certified).toHaveLength(6);
    expect(after('Keys, in the key services of the companies')).toContain('the key "production" in the key service');
  });

  it('builds on the verified base image, and the gate reports it', () => {
    const [, pinned] = /FROM \S+\/base\/debian:12@(sha256:\w{64})/.exec(played.stdout) ?? [];
    expect(pinned).toBeDefined();
    expect(played.stdout).toContain(
      `the gate on the base image: 2 of 3 layers are those of ${pinned}, which was verified`,
    );
    expect(after('an image on another base image is refused')).toContain('PROVENANCE_BASE_IMAGE');
  });

  it('decides on documents that were made of this image: the gate binds them to its digest', () => {
    expect(played.stdout).toContain('the gate says ALLOW: 10 components, 2 findings, 0 blocking');
  });

  it('scans again with other advisories, and reports new findings', () => {
    expect(played.stdout).toContain('found since the scan before: CVE-2023-4911\n');
    expect(played.stdout).toContain('with a new scan the gate says ALLOW: 3 findings, 0 blocking');
  });
});

it('a scanner that the user names finds what blocks, and nothing is deployed', async () => {
  const advisories = join(dirname(program.path), 'critical.json');
  const advisory = { id: 'CVE-2099-0001', package: 'net-monitor', affected: 'vers:deb/<2.0.0', fixed: '2.0.0' };
  await writeFile(advisories, JSON.stringify([{ ...advisory, severity: 'CRITICAL' }]));
  const scanner = [process.execPath, join(dirname(program.path), 'scanner.js'), advisories];
  const { code, stdout, stderr } = await runProgram(program.path, ['--scanner', ...scanner]);
  expect(code).toBe(1);
  expect(stderr).toContain('ERR_GATE_DENIED');
  expect(stderr).toContain('CVE-2099-0001');
  expect(stdout).toContain('CVE-2099-0001 in net-monitor 1.0.0: critical');
  expect(stdout).not.toContain('production has the tag');
});
