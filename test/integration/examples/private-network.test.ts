import { expect, it } from 'vitest';
import { bundle } from '../../support/bundle.js';
import { runProgram } from '../../support/run-program.js';

it('a build in a private network reaches its registry and nothing else', async () => {
  const program = await bundle('examples/private-network/src/main.ts');
  try {
    const { code, stdout, stderr } = await runProgram(program.path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('copied within the registry, from one account to the other: trusted\n');
    for (const what of [
      'a registry outside',
      'without a client certificate',
      'without the own authority',
      'the build into production',
    ])
      expect(stdout).toMatch(new RegExp(`^refused, ${what}: ERR_REGISTRY_[A-Z]+$`, 'm'));
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
      /^verdict: sha256:[0-9a-f]{64} is trusted, and the proxy led to registry\.wabbit\.internal:443 alone$/,
    );
  } finally {
    await program.remove();
  }
});
