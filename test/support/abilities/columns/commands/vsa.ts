import { expect } from 'vitest';
import { runTool } from '../../command-line.js';
import { fileIn, scratch, summaryDocument, trustedDocument } from '../../commands/networked.js';
import { notes } from '../../commands/notes.js';
import type { Setup } from '../../setup.js';
import type { Column } from '../../table.js';

/** What the gate's decision rests on, and a command with the same policies. */
async function gateOf(setup: Setup, document: object = summaryDocument) {
  const policy = ['--gate-policy', await fileIn(setup, 'summary.json', document)];
  const run = (...words: readonly string[]) => runTool(setup, trustedDocument(setup), ...words, ...policy);
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
    'notarykit gate': async (setup) => {
      const [{ run, proof }, artifact] = [await gateOf(setup), await scratch(setup)];
      expect(await proof(artifact)).toBe('evidence');
      await run('summary', 'attest', artifact);
      expect(await proof(artifact)).toBe('summary');
    },
    'notarykit summary attest': async (setup) => {
      const [{ run, proof }, artifact] = [await gateOf(setup), await scratch(setup)];
      await run('summary', 'attest', artifact);
      expect(await proof(artifact)).toBe('summary');
    },
    'notarykit summary revoke': async (setup) => {
      const [{ run, proof }, artifact] = [await gateOf(setup), await scratch(setup)];
      await run('summary', 'attest', artifact);
      await run('summary', 'revoke', artifact);
      expect(await proof(artifact)).toBe('evidence');
    },
    'notarykit promote': async (setup) => {
      const output = { ...summaryDocument.output, attestation: 'vsa' };
      const { run, proof } = await gateOf(setup, { ...summaryDocument, output });
      const target = `${setup.empty().name}:v1`;
      await run('promote', '--kind', 'vendor', `${setup.repository.name}:both`, target);
      expect(await proof(target)).toBe('summary');
    },
    'notarykit sign': notes.signs,
    'notarykit base-images': notes.signatures,
    'notarykit policy simulate': notes.signatures,
  },
};
