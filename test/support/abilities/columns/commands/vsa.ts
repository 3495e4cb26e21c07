import { expect } from 'vitest';
import { runTool } from '../../command-line.js';
import { fileIn, scratch, summaryDocument, trustedDocument } from '../../commands/networked.js';
import { notes } from '../../commands/notes.js';
import type { Column } from '../../table.js';
import type { World } from '../../world.js';

/** What the gate's decision rests on, and a command with the same policies. */
async function gateOf(world: World, document: object = summaryDocument) {
  const policy = ['--gate-policy', await fileIn(world, 'summary.json', document)];
  const run = (...words: readonly string[]) => runTool(world, trustedDocument(world), ...words, ...policy);
  return {
    run: async (...words: readonly string[]) => expect(await run(...words)).toMatchObject({ code: 0 }),
    async proof(artifact: string): Promise<string> {
      const { text } = await run('gate', '--json', artifact);
      return (JSON.parse(text) as { readonly proof: { readonly by: string } }).proof.by;
    },
  };
}

export const vsaOfCommands: Column = {
  ability: 'VSA',
  cells: {
    'notarykit gate': async (world) => {
      const [{ run, proof }, artifact] = [await gateOf(world), await scratch(world)];
      expect(await proof(artifact)).toBe('evidence');
      await run('summary', 'attest', artifact);
      expect(await proof(artifact)).toBe('summary');
    },
    'notarykit summary attest': async (world) => {
      const [{ run, proof }, artifact] = [await gateOf(world), await scratch(world)];
      await run('summary', 'attest', artifact);
      expect(await proof(artifact)).toBe('summary');
    },
    'notarykit summary revoke': async (world) => {
      const [{ run, proof }, artifact] = [await gateOf(world), await scratch(world)];
      await run('summary', 'attest', artifact);
      await run('summary', 'revoke', artifact);
      expect(await proof(artifact)).toBe('evidence');
    },
    'notarykit promote': async (world) => {
      const output = { ...summaryDocument.output, attestation: 'vsa' };
      const { run, proof } = await gateOf(world, { ...summaryDocument, output });
      const target = `${world.empty().name}:v1`;
      await run('promote', '--kind', 'vendor', `${world.repository.name}:both`, target);
      expect(await proof(target)).toBe('summary');
    },
    'notarykit sign': notes.signs,
    'notarykit base-images': notes.signatures,
    'notarykit policy simulate': notes.signatures,
  },
};
