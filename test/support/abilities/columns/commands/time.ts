import { expect } from 'vitest';
import { runTool } from '../../command-line.js';
import { fileIn, networked, trustedDocument } from '../../commands/networked.js';
import { notes } from '../../commands/notes.js';
import { bundleOf } from '../../commands/offline.js';
import { extendedCases } from '../../policies.js';
import type { Setup } from '../../setup.js';
import type { Call, Column } from '../../table.js';

/** Before any certificate of the setup was valid. */
const early = ['--at', '1990-01-01'];

/** What is trusted now was not trusted before its certificates. */
const asOf =
  (words: (setup: Setup) => Promise<readonly string[]>): Call =>
  async (setup) => {
    const run = async (...more: readonly string[]) =>
      await runTool(setup, trustedDocument(setup), ...(await words(setup)), ...more);
    expect(await run()).toMatchObject({ code: 0 });
    expect(await run(...early)).toMatchObject({ code: 1 });
  };

const ofNetworked = (verb: string): Call =>
  asOf(async (setup) => (await networked[verb]?.(setup, `${setup.repository.name}:both`)) ?? []);

/** A policy whose statement expires in 2100. */
async function expiring(setup: Setup): Promise<string> {
  const found = extendedCases(setup).find(({ name }) => name === 'a statement that will expire');
  return await fileIn(setup, 'expiring.json', found?.document ?? {});
}

/** What is said of it changes when its statement has expired. */
const afterExpiry =
  (words: (path: string) => readonly string[]): Call =>
  async (setup) => {
    const typed = words(await expiring(setup));
    const [now, later] = [
      await runTool(setup, trustedDocument(setup), ...typed),
      await runTool(setup, trustedDocument(setup), ...typed, '--at', '2200-01-01T00:00:00Z'),
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
    'notarykit bundle verify': asOf(async (setup) => {
      const path = await bundleOf(setup, trustedDocument(setup), `${setup.repository.name}:both`);
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
