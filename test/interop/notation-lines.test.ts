import { join } from 'node:path';
import { createAuthority } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { type Bundle, bundle } from '../support/bundle.js';
import type { Line } from './notation-lines/line.js';
import { allLines } from './notation-lines/lines.js';
import { account, createHome, type Home, startRegistry } from './notation-lines/setup.js';
import { temporaryFolder } from './support/folder.js';
import { type ProgramResult, runProgram } from './support/program.js';

const registry = startRegistry();
const folder = temporaryFolder();
let tool: Bundle;
let notation: Side;
let notarykit: Side;

/** One of the tools with its home. */
interface Side {
  readonly home: Home;
  /** Types a line, in its own home unless told otherwise. */
  type(line: Pick<Line, 'words' | 'input' | 'fromEnvironment'>, home?: Home): Promise<ProgramResult>;
}

beforeAll(async () => {
  tool = await bundle('packages/cli/src/notarykit.ts');
  const { host } = await registry.listen({ name: 'localhost' });
  const authority = await createAuthority();
  const leaf = await authority.issueLeaf({ keySpec: 'EC-256' });
  const lab = { registry, host, root: authority.root.pem, leaf };
  notation = sideOf(await createHome(join(folder, 'notation'), 'first', lab), await peer('notation'), []);
  notarykit = sideOf(await createHome(join(folder, 'notarykit'), 'second', lab), process.execPath, [tool.path]);
});
afterAll(() => Promise.all([tool.remove(), registry.close()]));

function sideOf(own: Home, program: string, before: readonly string[]): Side {
  const secret = { NOTATION_USERNAME: account.username, NOTATION_PASSWORD: account.password };
  return {
    home: own,
    type({ words, input = '', fromEnvironment }, { places, env, folder: cwd } = own) {
      const fill = (text: string): string => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => places[name] ?? '?');
      const typed = words
        .split(' ')
        .filter((word) => word !== '')
        .map(fill);
      const variables = { ...env, ...(fromEnvironment ? secret : {}) };
      return runProgram(program, [...before, ...typed], { cwd, env: variables, input: fill(input) });
    },
  };
}

/** What a line changed, without the names of the home. */
async function changes(side: Side, line: Line) {
  const before = await side.home.state();
  const ended = await side.type(line);
  const after = await side.home.state();
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => before[name] !== after[name],
  );
  return { ended, changed: Object.fromEntries(names.sort().map((name) => [name, change(before[name], after[name])])) };
}

/** Of a count, by how much: an earlier line that differs is not to be seen in all that follow. */
function change(before = '0', after = 'gone'): string {
  return /^\d+$/.test(before) && /^\d+$/.test(after) ? `${Number(after) - Number(before)} more` : after;
}

const shownBy = (line: Line, { home }: Pick<Side, 'home'>): RegExp =>
  new RegExp((line.shows?.source ?? '').replaceAll('{digest}', home.places['digest'] ?? '?'), 's');

describe('notation-lines', () => {
  // One after the other: each line finds what those before it have left.
  it.sequential.each(allLines.map((line, i) => [`${i}: ${line.words}`, line] as const))('%s', async (_, line) => {
    const [theirs, ours] = [await changes(notation, line), await changes(notarykit, line)];
    const { differs } = line;
    const said = JSON.stringify({ theirs: theirs.ended, ours: ours.ended });
    if (differs?.in !== 'end')
      expect([theirs.ended.code === 0, ours.ended.code === 0], said).toEqual([!line.fails, !line.fails]);
    else expect((theirs.ended.code === 0) !== (ours.ended.code === 0), said).toBe(true);
    if (differs === undefined) expect(ours.changed).toEqual(theirs.changed);
    if (differs?.in === 'effect') expect(ours.changed).not.toEqual(theirs.changed);
    expect(theirs.ended.stdout + theirs.ended.stderr).toMatch(shownBy(line, notation));
    expect(ours.ended.stdout + ours.ended.stderr).toMatch(shownBy(line, notarykit));
  });

  // What is typed by one of them in the home of the other, with the account that the other has stored.
  it.sequential.each([
    ['key ls', /\* wabbit/],
    ['cert ls', /ca +wabbit +wabbit\.crt/],
    ['plugin ls', /NAME/],
    ['verify {image}', /{digest}/],
    ['inspect {image}', /notary\.x509/],
    ['list {image}', /application\/vnd\.cncf\.notary\.signature/],
    ['sign {image}', /{digest}/],
    ['verify {image}', /{digest}/],
    ['logout {host}', /Logout Succeeded/],
  ])('each program reads the files of the other: %s', async (words, shows) => {
    for (const [side, home] of [
      [notation, notarykit.home],
      [notarykit, notation.home],
    ] as const) {
      const ended = await side.type({ words }, home);
      expect(ended.code, JSON.stringify(ended)).toBe(0);
      expect(ended.stdout + ended.stderr).toMatch(shownBy({ words, shows }, { home }));
    }
  });
});
