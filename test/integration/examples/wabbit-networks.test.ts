import { expect, it } from 'vitest';
import { bundle } from '../../support/bundle.js';
import { runProgram } from '../../support/run-program.js';

const verdict = 'verdict: net-monitor:v1 is in production, trusted, and four others are not';

it('the story of Wabbit Networks is played to its end', async () => {
  const program = await bundle('examples/wabbit-networks/src/main.ts', ['evidence']);
  try {
    const { code, stdout, stderr } = await runProgram(program.path);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(verdict);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // The evidence was recorded from this very image: the gate binds documents to its digest.
    expect(stdout).toContain('the gate says ALLOW: 12 components, 2 findings, 0 blocking');
    // The builder got what was verified, and the gate compares the provenance with it.
    expect(stdout).toMatch(/FROM \S+\/base\/alpine:3\.20@sha256:/);
    for (const refusal of ['ERR_TRUST_NO_SIGNATURE', 'ERR_TRUST_NOT_VERIFIED', 'ERR_GATE_DENIED'])
      expect(stdout).toContain(refusal);
  } finally {
    await program.remove();
  }
});
