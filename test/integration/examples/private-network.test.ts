import { expect, it } from 'vitest';
import { bundle } from '../../support/bundle.js';
import { runProgram } from '../../support/run-program.js';

it('a network whose proxy is the only way out: key, certificate, signature, timestamp, revocation and copy', async () => {
  const program = await bundle('examples/private-network/src/main.ts');
  try {
    const { code, stdout, stderr } = await runProgram(program.path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('requested for the key in Vault: a chain of 3 certificates\n');
    expect(stdout).toContain('copied within the registry, from one account to the other: trusted\n');
    const refused = [...stdout.matchAll(/^refused, (.+): ([A-Z_]+)$/gm)].map(([, what, how]) => [what, how]);
    expect(Object.fromEntries(refused)).toEqual({
      'a registry outside': 'ERR_REGISTRY_UNAVAILABLE',
      'past the proxy': 'ERR_REGISTRY_UNAVAILABLE',
      'with another account of the proxy': 'ERR_REGISTRY_UNAVAILABLE',
      'without a client certificate': expect.stringMatching(/^ERR_REGISTRY_/),
      'without the own authority': 'ERR_REGISTRY_UNAVAILABLE',
      'the build into production': 'ERR_REGISTRY_UNAUTHORIZED',
      'Vault past the proxy': 'ERR_SIGNER',
      'an OCSP responder that is not on the list': expect.stringMatching(/^ERR_TRUST_/),
    });
    const led = ['pki:443', 'pki:80', 'registry:443', 'tsa:443', 'vault:443'].map((place) =>
      place.replace(':', '.wabbit.internal:'),
    );
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(`^verdict: sha256:[0-9a-f]{64} is trusted, and the proxy connected only to ${led.join(', ')}$`),
    );
  } finally {
    await program.remove();
  }
});
