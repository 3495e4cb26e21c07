import { expect, it } from 'vitest';
import { bundle } from '../../support/bundle.js';
import { runProgram } from '../../support/run-program.js';

// With a Redis it is played by the interop stage.
it('the program reports missing settings', { timeout: 60_000 }, async () => {
  const program = await bundle('examples/shared-cache/src/main.ts');
  const { code, stdout, stderr } = await runProgram(program.path, [], { env: { REDIS_URL: '' } });
  await program.remove();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('set REDIS_URL');
});
