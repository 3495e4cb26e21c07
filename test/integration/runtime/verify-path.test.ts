import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundleForBrowser } from '../../support/browser-bundle.js';
import { loadedAtOnce } from '../../support/loaded-at-once.js';

const entry = fileURLToPath(new URL('../../support/bundle/verify-path.ts', import.meta.url));

it('verification alone does not load the gate', async () => {
  const script = await bundleForBrowser(entry);
  expect(script).toContain('ERR_TRUST_NO_SIGNATURE');
  for (const ofTheGate of ['SBOM_MISSING', 'LICENSE_BLOCKED', 'cyclonedx']) expect(script).not.toContain(ofTheGate);
});

it('a verifier with a plain policy loads less than 46 kB at once, and no reader of timestamps, key files and extended policies', async () => {
  const files = await loadedAtOnce(fileURLToPath(new URL('../../support/bundle/trust-path.ts', import.meta.url)));
  const size = files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
  expect(size).toBeGreaterThan(20_000);
  expect(size).toBeLessThan(46_000);
  const text = files.map((file) => new TextDecoder().decode(file)).join('');
  for (const part of ['pbkdf2', 'a timestamp, found content of type', 'each signer has its own'])
    expect(text.includes(part), part).toBe(false);
});

it('loading the gate loads no third-party parser', async () => {
  const files = await loadedAtOnce(fileURLToPath(new URL('../../support/bundle/gate-path.ts', import.meta.url)));
  const text = files.map((file) => new TextDecoder().decode(file)).join('');
  expect(text).toContain('ERR_GATE_DENIED');
  for (const part of ['Invalid Version', 'YAMLParseError', 'xmlns:']) expect(text.includes(part), part).toBe(false);
});
