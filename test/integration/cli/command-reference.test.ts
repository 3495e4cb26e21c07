import { expect, test } from 'vitest';
import { commandReference } from '../../support/command-reference.js';

test('docs/cli.md says what the definitions of the commands say', async () => {
  await expect(commandReference()).toMatchFileSnapshot('../../../docs/cli.md');
});
