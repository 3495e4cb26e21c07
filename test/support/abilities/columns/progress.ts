import type { JudgedSignature } from '@notarykit/trust-policy/internal';
import { audit, copy, planPromotion, promote, type Trust } from 'notarykit';
import { expect } from 'vitest';
import { type Judging, judging, ofEach } from '../judging.js';
import { plainTrust } from '../policies.js';
import { gatePolicy } from '../rows/verbs.js';
import type { Setup } from '../setup.js';
import type { Call, Column } from '../table.js';

/** A verb tells of every signature that it judges. */
const tells =
  (run: Judging): Call =>
  async (setup) => {
    const reported: JudgedSignature[] = [];
    const trust = { ...plainTrust(setup), onSignature: (judged: JudgedSignature) => void reported.push(judged) };
    const image = setup.images.once;
    await run({ setup, repository: setup.repository, image, trust, maker: plainTrust(setup) });
    const [repository, subject] = [setup.repository.name, image.digest];
    const signature = expect.stringMatching(/^sha256:/);
    expect(reported).toContainEqual({ repository, subject, signature, verdict: 'trusted', examined: 1 });
  };

interface Phase {
  readonly phase: string;
}

type Phased = (
  setup: Setup,
  trust: Trust,
  options: { readonly onProgress: (progress: Phase) => void },
) => Promise<unknown>;

/** And it tells which part of its work it is at, each in its turn. */
const andPhases =
  (run: Judging, phased: Phased, phases: readonly string[]): Call =>
  async (setup) => {
    await tells(run)(setup);
    const reported: string[] = [];
    await phased(setup, plainTrust(setup), { onProgress: ({ phase }) => void reported.push(phase) });
    expect(reported.filter((phase, i) => phase !== reported[i - 1])).toEqual(phases);
  };

const promotion = (trust: Trust) => ({ reference: 'once', tag: 'v1', policy: gatePolicy(), trust }) as const;

export const progressColumn: Column = {
  ability: 'progress',
  cells: {
    ...ofEach(tells),
    'copy({ verify })': andPhases(
      judging['copy({ verify })'],
      (setup, verify, options) =>
        copy(setup.repository, setup.empty(), { reference: 'once', tag: 'v1', verify, ...options }),
      ['verify', 'copy', 'assert', 'tag', 'done'],
    ),
    promote: andPhases(
      judging.promote,
      (setup, trust, options) => {
        const signing = { signer: setup.vendor, kind: 'vendor', ...options } as const;
        return promote(setup.repository, setup.empty(), { ...promotion(trust), ...signing });
      },
      ['verify', 'gate', 'sign', 'copy', 'assert', 'tag', 'done'],
    ),
    planPromotion: andPhases(
      judging.planPromotion,
      (setup, trust, options) => planPromotion(setup.repository, setup.empty(), { ...promotion(trust), ...options }),
      ['verify', 'gate'],
    ),
    audit: async (setup) => {
      await tells(judging.audit)(setup);
      const list = ['both', 'once'].map((reference) => ({ repository: setup.repository, reference }));
      const reported: unknown[] = [];
      const onProgress = (progress: object): void => void reported.push(progress);
      for await (const result of audit(list, { ...plainTrust(setup), onProgress }))
        expect(reported.at(-1)).toEqual({ done: reported.length, result });
      expect(reported).toHaveLength(2);
    },
  },
};
