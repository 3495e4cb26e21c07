import { expect } from 'vitest';
import { runTool } from '../../command-line.js';
import { fileIn, newPath, scratch, summaryDocument, trustedDocument } from '../../commands/networked.js';
import { notes } from '../../commands/notes.js';
import { bundleOf, recordOf } from '../../commands/offline.js';
import { anySigner, gateDocument } from '../../rows/verbs.js';
import type { Setup } from '../../setup.js';
import type { Call, Column } from '../../table.js';

type Words = (setup: Setup, image: string) => Promise<readonly string[]> | readonly string[];

/** Whoever signed at all, by the name that the gate policy has for it. */
const namedSigner = { ...anySigner, trustPolicies: anySigner.trustPolicies.map((one) => ({ ...one, name: 'images' })) };

/** What is signed as a whole only is refused where its platforms are asked for. */
const asked =
  (words: Words, option: readonly string[] = ['--platforms', 'both']): Call =>
  async (setup) => {
    const image = await scratch(setup);
    const run = async (...more: readonly string[]) =>
      await runTool(setup, anySigner, ...(await words(setup, image)), ...more);
    expect(await run()).toMatchObject({ code: 0 });
    expect((await run(...option)).code).not.toBe(0);
    expect(await runTool(setup, anySigner, 'sign', '--platforms', 'children', image)).toMatchObject({ code: 0 });
    expect(await run(...option)).toMatchObject({ code: 0 });
  };

/** The gate policy says which platforms there must be. */
const byPolicy =
  (words: Words): Call =>
  async (setup) => {
    for (const [platform, code] of [
      ['linux/amd64', 0],
      ['linux/arm64', 1],
    ] as const) {
      const policy = { ...summaryDocument, image: { ...summaryDocument.image, platforms: [platform] } };
      const typed = await words(setup, await scratch(setup));
      const path = await fileIn(setup, 'platforms.json', policy);
      expect(await runTool(setup, trustedDocument(setup), ...typed, '--gate-policy', path)).toMatchObject({ code });
    }
  };

export const platformsOfCommands: Column = {
  ability: 'platforms',
  cells: {
    'notarykit sign': asked((_, image) => ['verify', image]),
    'notarykit audit': async (setup) => {
      const image = await scratch(setup);
      const run = (platforms: string) => runTool(setup, anySigner, 'audit', '--platforms', platforms, image);
      expect((await run('index')).text).not.toContain('linux/amd64');
      expect((await run('both')).text).toContain('refused    linux/amd64');
    },
    'notarykit bundle create': asked((setup, image) => ['bundle', 'create', '--output', newPath(setup, 'tar'), image]),
    'notarykit bundle verify': async (setup) => {
      const image = await scratch(setup);
      const run = (...words: readonly string[]) => runTool(setup, anySigner, ...words);
      const verified = async (...more: string[]) =>
        (await run('bundle', 'verify', '--platforms', 'both', await bundleOf(setup, anySigner, image, ...more))).code;
      expect(await verified()).not.toBe(0);
      expect(await run('sign', '--platforms', 'children', image)).toMatchObject({ code: 0 });
      expect(await verified('--platforms', 'both')).toBe(0);
    },
    'notarykit copy --verify': asked((setup, image) => ['copy', '--verify', image, `${setup.empty().name}:v1`]),
    'notarykit base-images': asked(async (setup, image) => {
      return ['base-images', await fileIn(setup, 'Dockerfile', `FROM ${image}\n`)];
    }),
    'notarykit promote': async (setup) => {
      const image = await scratch(setup);
      const [policy, target] = [await fileIn(setup, 'gate.json', gateDocument), `${setup.empty().name}:v1`];
      const run = (...words: readonly string[]) => runTool(setup, namedSigner, ...words);
      const promote = () => run('promote', '--platforms', 'both', '--gate-policy', policy, image, target);
      expect((await promote()).code).not.toBe(0);
      expect(await run('sign', '--platforms', 'children', image)).toMatchObject({ code: 0 });
      expect(await promote()).toMatchObject({ code: 0 });
      expect(await run('verify', '--platforms', 'both', target)).toMatchObject({ code: 0 });
    },
    'notarykit gate': byPolicy((_, image) => ['gate', image]),
    'notarykit summary attest': byPolicy((_, image) => ['summary', 'attest', image]),
    'notarykit summary revoke': notes.whole,
    'notarykit policy simulate': async (setup) => {
      const image = await scratch(setup);
      const path = await recordOf(setup, anySigner, image);
      const { text } = await runTool(setup, anySigner, 'policy', 'simulate', '--json', path);
      const { outcomes } = JSON.parse(text) as { readonly outcomes: readonly { readonly after: string }[] };
      expect(outcomes.map(({ after }) => after)).toEqual(['trusted', 'refused']);
    },
  },
};
