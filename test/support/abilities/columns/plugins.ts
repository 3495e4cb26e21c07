import type { VerificationPlugin } from '@notarykit/trust-policy';
import { sign, type Trust } from 'notarykit';
import { expect } from 'vitest';
import { type Judging, ofEach } from '../judging.js';
import { plainTrust } from '../policies.js';
import { pushImage, type Setup } from '../setup.js';
import type { Call, Column } from '../table.js';

/** A plugin that no verifier has by itself. */
export const pluginName = 'abilities.identity';

/** A plugin that judges who signed, and what it was asked. */
export function pluginThat(success: boolean): {
  readonly plugin: VerificationPlugin;
  readonly asked: readonly string[][];
} {
  const asked: string[][] = [];
  const plugin: VerificationPlugin = {
    name: pluginName,
    identity: `abilities ${success}`,
    describe: async () => ({ version: '1.0.0', capabilities: ['SIGNATURE_VERIFIER.TRUSTED_IDENTITY'] }),
    verify: async ({ capabilities, config }) => {
      asked.push([...capabilities, config['team'] ?? '']);
      return { results: { 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY': { success } }, processedAttributes: [] };
    },
  };
  return { plugin, asked };
}

const trustOf = (setup: Setup, plugins: readonly VerificationPlugin[]): Trust => {
  return { ...plainTrust(setup), plugins, pluginConfig: { team: 'lab' } };
};

/** A signature that names a plugin is trusted by the word of that plugin alone: not by another word, and not without it. */
const byPlugin =
  (run: Judging): Call =>
  async (setup) => {
    const image = await pushImage(setup.repository, setup.unique());
    await sign(setup.repository, image, { signer: setup.vendor, verificationPlugin: pluginName });
    const yes = pluginThat(true);
    const asked = { setup, repository: setup.repository, image, maker: trustOf(setup, [yes.plugin]) };
    await run({ ...asked, trust: asked.maker });
    expect(yes.asked).toContainEqual(['SIGNATURE_VERIFIER.TRUSTED_IDENTITY', 'lab']);
    for (const plugins of [[pluginThat(false).plugin], []])
      await expect(run({ ...asked, trust: trustOf(setup, plugins) })).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_/),
      });
  };

export const pluginsColumn: Column = { ability: 'plugins', cells: ofEach(byPlugin) };
