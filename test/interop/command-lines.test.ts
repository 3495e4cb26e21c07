import { describe, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { bundle } from '../support/bundle.js';
import { orasLines } from './command-lines/oras-lines.js';
import { orasRows } from './command-lines/oras-rows.js';
import { type Outcome, openSetup } from './command-lines/setup.js';
import { runProgram } from './support/program.js';

const [oras, tool] = await Promise.all([peer('oras'), bundle('packages/cli/src/notarykit.ts')]);
const tools = { oras: [oras], notarykit: [process.execPath, tool.path] } as const;

describe('oras', () => {
  test.each(orasLines.map((line) => [line.words.join(' '), line] as const))('oras %s', async (_words, line) => {
    const play = async (name: keyof typeof tools): Promise<Outcome> => {
      await using setup = await openSetup();
      const [program = '', ...first] = tools[name];
      return await setup.play(line, (words, options) => runProgram(program, [...first, ...words], options));
    };
    const [theirs, ours] = [await play('oras'), await play('notarykit')];
    if (line.row === undefined) expect(ours).toEqual(theirs);
    else expect(ours).not.toEqual(theirs);
  });

  test('each row is shown by a line, and each line names a row that is there', () => {
    const named = orasLines.flatMap(({ row }) => (row === undefined ? [] : [row]));
    expect([...new Set(named)].sort()).toEqual(orasRows.map(({ id }) => id).sort());
  });
});
