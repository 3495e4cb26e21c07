import { expect } from 'vitest';
import { runTool } from '../../command-line.js';
import { fileIn, newPath, scratch, summaryDocument, trustedDocument } from '../../commands/networked.js';
import { notes } from '../../commands/notes.js';
import { bundleOf, recordOf } from '../../commands/offline.js';
import { anySigner, gateDocument } from '../../rows/verbs.js';
import type { Call, Column } from '../../table.js';
import type { World } from '../../world.js';

type Words = (world: World, image: string) => Promise<readonly string[]> | readonly string[];

/** Whoever signed at all, by the name that the gate policy has for it. */
const namedSigner = { ...anySigner, trustPolicies: anySigner.trustPolicies.map((one) => ({ ...one, name: 'images' })) };

/** What is signed as a whole only is refused where its platforms are asked for. */
const asked =
  (words: Words, option: readonly string[] = ['--platforms', 'both']): Call =>
  async (world) => {
    const image = await scratch(world);
    const run = async (...more: readonly string[]) =>
      await runTool(world, anySigner, ...(await words(world, image)), ...more);
    expect(await run()).toMatchObject({ code: 0 });
    expect((await run(...option)).code).not.toBe(0);
    expect(await runTool(world, anySigner, 'sign', '--platforms', 'children', image)).toMatchObject({ code: 0 });
    expect(await run(...option)).toMatchObject({ code: 0 });
  };

/** The gate policy says which platforms there must be. */
const byPolicy =
  (words: Words): Call =>
  async (world) => {
    for (const [platform, code] of [
      ['linux/amd64', 0],
      ['linux/arm64', 1],
    ] as const) {
      const policy = { ...summaryDocument, image: { ...summaryDocument.image, platforms: [platform] } };
      const typed = await words(world, await scratch(world));
      const path = await fileIn(world, 'platforms.json', policy);
      expect(await runTool(world, trustedDocument(world), ...typed, '--gate-policy', path)).toMatchObject({ code });
    }
  };

export const platformsOfCommands: Column = {
  ability: 'platforms',
  cells: {
    'notarykit sign': asked((_, image) => ['verify', image]),
    'notarykit audit': async (world) => {
      const image = await scratch(world);
      const run = (platforms: string) => runTool(world, anySigner, 'audit', '--platforms', platforms, image);
      expect((await run('index')).text).not.toContain('linux/amd64');
      expect((await run('both')).text).toContain('unsigned     linux/amd64');
    },
    'notarykit bundle create': asked((world, image) => ['bundle', 'create', '--output', newPath(world, 'tar'), image]),
    'notarykit bundle verify': async (world) => {
      const image = await scratch(world);
      const run = (...words: readonly string[]) => runTool(world, anySigner, ...words);
      const verified = async (...more: string[]) =>
        (await run('bundle', 'verify', '--platforms', 'both', await bundleOf(world, anySigner, image, ...more))).code;
      expect(await verified()).not.toBe(0);
      expect(await run('sign', '--platforms', 'children', image)).toMatchObject({ code: 0 });
      expect(await verified('--platforms', 'both')).toBe(0);
    },
    'notarykit copy --verify': asked((world, image) => ['copy', '--verify', image, `${world.empty().name}:v1`]),
    'notarykit base-images': asked(async (world, image) => {
      return ['base-images', await fileIn(world, 'Dockerfile', `FROM ${image}\n`)];
    }),
    'notarykit promote': async (world) => {
      const image = await scratch(world);
      const [policy, target] = [await fileIn(world, 'gate.json', gateDocument), `${world.empty().name}:v1`];
      const run = (...words: readonly string[]) => runTool(world, namedSigner, ...words);
      const promote = () => run('promote', '--platforms', 'both', '--gate-policy', policy, image, target);
      expect((await promote()).code).not.toBe(0);
      expect(await run('sign', '--platforms', 'children', image)).toMatchObject({ code: 0 });
      expect(await promote()).toMatchObject({ code: 0 });
      expect(await run('verify', '--platforms', 'both', target)).toMatchObject({ code: 0 });
    },
    'notarykit gate': byPolicy((_, image) => ['gate', image]),
    'notarykit summary attest': byPolicy((_, image) => ['summary', 'attest', image]),
    'notarykit summary revoke': notes.whole,
    'notarykit policy simulate': async (world) => {
      const image = await scratch(world);
      const path = await recordOf(world, anySigner, image);
      const { text } = await runTool(world, anySigner, 'policy', 'simulate', '--json', path);
      const { outcomes } = JSON.parse(text) as { readonly outcomes: readonly { readonly after: string }[] };
      expect(outcomes.map(({ after }) => after)).toEqual(['trusted', 'notTrusted']);
    },
  },
};
