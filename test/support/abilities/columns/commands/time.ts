import { expect } from 'vitest';
import { runTool } from '../../command-line.js';
import { fileIn, networked, trustedDocument } from '../../commands/networked.js';
import { notes } from '../../commands/notes.js';
import { bundleOf } from '../../commands/offline.js';
import { extendedCases } from '../../policies.js';
import type { Call, Column } from '../../table.js';
import type { World } from '../../world.js';

/** Before any certificate of the world was valid. */
const early = ['--at', '1990-01-01'];

/** What is trusted now was not trusted before its certificates. */
const asOf =
  (words: (world: World) => Promise<readonly string[]>): Call =>
  async (world) => {
    const run = async (...more: readonly string[]) =>
      await runTool(world, trustedDocument(world), ...(await words(world)), ...more);
    expect(await run()).toMatchObject({ code: 0 });
    expect(await run(...early)).toMatchObject({ code: 1 });
  };

const ofNetworked = (verb: string): Call =>
  asOf(async (world) => (await networked[verb]?.(world, `${world.repository.name}:both`)) ?? []);

/** A policy whose statement expires in 2100. */
async function expiring(world: World): Promise<string> {
  const found = extendedCases(world).find(({ name }) => name === 'a statement that will expire');
  return await fileIn(world, 'expiring.json', found?.document ?? {});
}

/** What is said of it changes when its statement has expired. */
const afterExpiry =
  (words: (path: string) => readonly string[]): Call =>
  async (world) => {
    const typed = words(await expiring(world));
    const [now, later] = [
      await runTool(world, trustedDocument(world), ...typed),
      await runTool(world, trustedDocument(world), ...typed, '--at', '2200-01-01T00:00:00Z'),
    ];
    expect(later.text).not.toBe(now.text);
  };

export const timeOfCommands: Column = {
  ability: 'at/now',
  cells: {
    ...Object.fromEntries(
      ['verify', 'audit', 'copy --verify', 'base-images', 'gate'].map((name) => {
        const verb = `notarykit ${name}`;
        return [verb, ofNetworked(verb)];
      }),
    ),
    'notarykit bundle verify': asOf(async (world) => {
      const path = await bundleOf(world, trustedDocument(world), `${world.repository.name}:both`);
      return ['bundle', 'verify', path];
    }),
    'notarykit policy lint': afterExpiry((path) => ['policy', 'lint', path]),
    'notarykit policy diff': afterExpiry((path) => ['policy', 'diff', path]),
    'notarykit bundle create': notes.bundleTime,
    'notarykit policy simulate': notes.ownTimes,
    'notarykit sign': notes.present,
    'notarykit promote': notes.present,
    'notarykit summary attest': notes.present,
    'notarykit summary revoke': notes.present,
    'notarykit policy show': notes.asWritten,
    'notarykit policy import': notes.asWritten,
    'notarykit policy add': notes.asWritten,
    'notarykit policy change': notes.asWritten,
    'notarykit policy remove': notes.asWritten,
  },
};
