import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bundleForBrowser } from '../../support/browser-bundle.js';

const entry = fileURLToPath(new URL('../../support/bundle/verify-path.ts', import.meta.url));

it('whoever only verifies loads no gate', async () => {
  const script = await bundleForBrowser(entry);
  expect(script).toContain('ERR_TRUST_NO_SIGNATURE');
  for (const ofTheGate of ['SBOM_MISSING', 'LICENSE_BLOCKED', 'cyclonedx']) expect(script).not.toContain(ofTheGate);
});
