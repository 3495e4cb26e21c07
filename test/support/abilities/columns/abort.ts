import {
  audit,
  copy,
  createBundle,
  createCachedVerifier,
  gate,
  planPromotion,
  promote,
  verify,
  verifyBundle,
} from 'notarykit';
import { expect } from 'vitest';
import { plainTrust } from '../policies.js';
import { gatePolicy } from '../rows/verbs.js';
import type { Call, Column } from '../table.js';
import type { World } from '../world.js';

type Aborted = (world: World, options: ReturnType<typeof optionsOf>) => Promise<unknown>;

const optionsOf = (world: World, signal: AbortSignal) => ({ ...plainTrust(world), signal });

/** What was given up rejects with the reason that was given, whatever was under way. */
const rejects =
  (run: Aborted): Call =>
  async (world) => {
    const reason = new Error('given up');
    await expect(run(world, optionsOf(world, AbortSignal.abort(reason)))).rejects.toBe(reason);
  };

const promotion = ({ signal, ...trust }: ReturnType<typeof optionsOf>) => {
  return { reference: 'both', tag: 'v1', policy: gatePolicy(), trust, signal };
};

export const abortColumn: Column = {
  ability: 'abort',
  cells: {
    verify: rejects(({ repository }, options) => verify(repository, 'both', options)),
    'copy({ verify })': rejects((world, { signal, ...trust }) =>
      copy(world.repository, world.empty(), { reference: 'both', verify: trust, signal }),
    ),
    gate: rejects(({ repository }, { signal, ...trust }) =>
      gate(repository, 'both', { policy: gatePolicy(), trust, signal }),
    ),
    promote: rejects((world, options) =>
      promote(world.repository, world.empty(), { ...promotion(options), signer: world.vendor }),
    ),
    planPromotion: rejects((world, options) => planPromotion(world.repository, world.empty(), promotion(options))),
    audit: rejects(async ({ repository }, options) => {
      for await (const _ of audit(repository, options));
    }),
    createBundle: rejects(({ repository }, options) => createBundle({ repository, reference: 'both' }, options)),
    verifyBundle: rejects(async (world, { signal, ...trust }) => {
      const { bytes } = await createBundle({ repository: world.repository, reference: 'both' }, trust);
      return await verifyBundle(await bytes(), { ...trust, signal });
    }),
    createCachedVerifier: rejects(({ repository, images }, options) =>
      createCachedVerifier()(repository, images.both, options),
    ),
    planResigning: { none: 'It only reads what `audit` gives, which can be given up.' },
  },
};
