import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { bundle } from '../../support/bundle.js';

const verdict = 'verdict: net-monitor:v1 is in production, trusted, and three others are not';

it('the story of Wabbit Networks is played to its end', async () => {
  const program = await bundle('examples/wabbit-networks/src/main.ts');
  // A rejection would mean another exit code than 0.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program.path]).finally(() =>
    program.remove(),
  );
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(verdict);
  expect(stderr).toBe('');
  for (const code of ['ERR_TRUST_NO_SIGNATURE', 'ERR_TRUST_NOT_VERIFIED', 'ERR_GATE_DENIED'])
    expect(stdout).toContain(code);
});
