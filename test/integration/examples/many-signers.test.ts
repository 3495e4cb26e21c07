import { expect, it } from 'vitest';
import { bundle } from '../../support/bundle.js';
import { runProgram } from '../../support/run-program.js';

it('vendor, certifier and user sign one artifact, and a folder beside it', async () => {
  const program = await bundle('examples/many-signers/src/main.ts');
  try {
    const { code, stdout, stderr } = await runProgram(program.path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const signer of ['Wabbit Networks', 'Registry Hub', 'ACME Rockets'])
      expect(stdout).toContain(`trusted: CN=${signer},O=${signer},ST=WA,C=US\n`);
    expect(stdout).toContain('demanded: vendor, CN=Wabbit Networks,');
    expect(stdout).toContain('demanded: certifier, CN=Registry Hub,');
    expect(stdout).toContain('from 2099-12-31T00:00:00Z on the policy trusts nothing: ERR_TRUST_NO_STATEMENT\n');
    expect(stdout).toContain('digest and tag are as before\n');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      'verdict: 3 trusted signatures and 1 folder of documentation at acme.test/imports/net-monitor:v1',
    );
  } finally {
    await program.remove();
  }
});
