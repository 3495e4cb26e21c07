import type { JudgedSignature } from '@notarykit/trust-policy';
import { audit, copy, planPromotion, promote, type Trust } from 'notarykit';
import { expect } from 'vitest';
import { type Judging, judging, ofEach } from '../judging.js';
import { plainTrust } from '../policies.js';
import { gatePolicy } from '../rows/verbs.js';
import type { Call, Column } from '../table.js';
import type { World } from '../world.js';

/** A verb tells of every signature that it judges. */
const tells =
  (run: Judging): Call =>
  async (world) => {
    const told: JudgedSignature[] = [];
    const trust = { ...plainTrust(world), onSignature: (judged: JudgedSignature) => void told.push(judged) };
    const image = world.images.once;
    await run({ world, repository: world.repository, image, trust, maker: plainTrust(world) });
    const [repository, subject] = [world.repository.name, image.digest];
    const signature = expect.stringMatching(/^sha256:/);
    expect(told).toContainEqual({ repository, subject, signature, verdict: 'trusted', examined: 1 });
  };

interface Phase {
  readonly phase: string;
}

type Phased = (
  world: World,
  trust: Trust,
  options: { readonly onProgress: (progress: Phase) => void },
) => Promise<unknown>;

/** And it tells which part of its work it is at, each in its turn. */
const andPhases =
  (run: Judging, phased: Phased, phases: readonly string[]): Call =>
  async (world) => {
    await tells(run)(world);
    const told: string[] = [];
    await phased(world, plainTrust(world), { onProgress: ({ phase }) => void told.push(phase) });
    expect(told.filter((phase, i) => phase !== told[i - 1])).toEqual(phases);
  };

const promotion = (trust: Trust) => ({ reference: 'once', tag: 'v1', policy: gatePolicy(), trust }) as const;

export const progressColumn: Column = {
  ability: 'progress',
  cells: {
    ...ofEach(tells),
    'copy({ verify })': andPhases(
      judging['copy({ verify })'],
      (world, verify, options) =>
        copy(world.repository, world.empty(), { reference: 'once', tag: 'v1', verify, ...options }),
      ['verify', 'copy', 'assert', 'tag', 'done'],
    ),
    promote: andPhases(
      judging.promote,
      (world, trust, options) => {
        const signing = { signer: world.vendor, kind: 'vendor', ...options } as const;
        return promote(world.repository, world.empty(), { ...promotion(trust), ...signing });
      },
      ['verify', 'gate', 'sign', 'copy', 'assert', 'tag', 'done'],
    ),
    planPromotion: andPhases(
      judging.planPromotion,
      (world, trust, options) => planPromotion(world.repository, world.empty(), { ...promotion(trust), ...options }),
      ['verify', 'gate'],
    ),
    audit: async (world) => {
      await tells(judging.audit)(world);
      const list = ['both', 'once'].map((reference) => ({ repository: world.repository, reference }));
      const told: unknown[] = [];
      const onProgress = (progress: object): void => void told.push(progress);
      for await (const result of audit(list, { ...plainTrust(world), onProgress }))
        expect(told.at(-1)).toEqual({ done: told.length, result });
      expect(told).toHaveLength(2);
    },
  },
};
