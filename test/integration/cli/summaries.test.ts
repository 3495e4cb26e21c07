import { afterAll, beforeAll, expect, it } from 'vitest';
import { runToolIn } from '../../support/abilities/command-line.js';
import { fileIn, scratch, summaryDocument, trustedDocument } from '../../support/abilities/commands/networked.js';
import { createSetup, type Setup } from '../../support/abilities/setup.js';
import { createPluginFolder, type PluginFolder } from '../../support/plugin/lab.js';

let setup: Setup;
let folder: PluginFolder;
beforeAll(async () => {
  [setup, folder] = await Promise.all([createSetup(), createPluginFolder()]);
});
afterAll(() => Promise.all([setup.close(), folder.close()]));

const metadata = (...capabilities: string[]): string => {
  const about = { name: 'p', description: 'd', version: '1.0.0', url: 'u', supportedContractVersions: ['1.0'] };
  return `process.stdout.write(${JSON.stringify(JSON.stringify({ ...about, capabilities }))});`;
};

it.each([
  ['a plugin that only signs', metadata('SIGNATURE_GENERATOR.RAW'), 'summary'],
  ['a plugin that verifies', metadata('SIGNATURE_VERIFIER.TRUSTED_IDENTITY'), 'evidence'],
  ['a plugin that does not answer', 'process.exit(1)', 'evidence'],
])('PLUGIN_SUMMARY beside %s, the gate goes by: %s', async (_, script, by) => {
  await folder.install('p', script);
  const artifact = await scratch(setup);
  const policy = ['--gate-policy', await fileIn(setup, 'summary.json', summaryDocument)];
  const surroundings = { document: trustedDocument(setup), libexec: folder.libexec };
  const run = (...words: string[]) => runToolIn(setup, surroundings, ...words, ...policy, artifact);
  expect(await run('summary', 'attest')).toMatchObject({ code: 0 });
  const { text } = await run('gate', '--json');
  expect((JSON.parse(text) as { proof: { by: string } }).proof.by).toBe(by);
});
