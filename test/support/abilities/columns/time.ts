import { diffTrustPolicies, lintTrustPolicy } from '@notarykit/trust-policy';
import {
  audit,
  copy,
  createBundle,
  createCachedVerifier,
  gate,
  planPromotion,
  promote,
  verify,
  verifyBaseImages,
  verifyBundle,
} from 'notarykit';
import { expect } from 'vitest';
import { extendedCases, plainTrust, policyOf } from '../policies.js';
import { gatePolicy } from '../rows/verbs.js';
import type { Call, Column } from '../table.js';
import type { World } from '../world.js';

type Trust = ReturnType<typeof plainTrust> & { readonly at?: Date };

/** Before any certificate of the world was valid. */
const early = new Date('1990-01-01T00:00:00Z');

/** What is trusted today was not trusted at a date before its certificates. */
const asOf =
  (run: (world: World, trust: Trust) => Promise<unknown>): Call =>
  async (world) => {
    const trust = plainTrust(world);
    await run(world, trust);
    await expect(run(world, { ...trust, at: early })).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_/) });
  };

export const timeColumn: Column = {
  ability: 'at/now',
  cells: {
    verify: asOf(({ repository }, trust) => verify(repository, 'both', trust)),
    'copy({ verify })': asOf((world, trust) =>
      copy(world.repository, world.empty(), { reference: 'both', verify: trust }),
    ),
    gate: asOf(({ repository }, trust) => gate(repository, 'both', { policy: gatePolicy(), trust })),
    promote: asOf((world, trust) => {
      const options = { reference: 'both', tag: 'v1', policy: gatePolicy(), trust, kind: 'vendor' } as const;
      return promote(world.repository, world.empty(), { ...options, signer: world.vendor });
    }),
    planPromotion: asOf((world, trust) =>
      planPromotion(world.repository, world.empty(), { reference: 'both', tag: 'v1', policy: gatePolicy(), trust }),
    ),
    audit: async ({ repository, ...world }) => {
      const trust = plainTrust({ repository, ...world });
      const list = [{ repository, reference: 'both' }];
      for await (const { verdict } of audit(list, trust)) expect(verdict).toBe('trusted');
      for await (const { verdict } of audit(list, { ...trust, at: early })) expect(verdict).toBe('notTrusted');
    },
    createBundle: asOf(({ repository }, trust) => createBundle({ repository, reference: 'both' }, trust)),
    verifyBundle: asOf(async (world, trust) => {
      const { bytes } = await createBundle({ repository: world.repository, reference: 'both' }, plainTrust(world));
      return await verifyBundle(await bytes(), trust);
    }),
    verifyBaseImages: asOf(({ repository }, trust) =>
      verifyBaseImages(`FROM ${repository.name}:both\n`, { open: () => repository, trust }),
    ),
    createCachedVerifier: asOf(({ repository, images }, trust) =>
      createCachedVerifier()(repository, images.both, trust),
    ),
    lintTrustPolicy: async (world) => {
      const { policy, trustStore } = plainTrust(world);
      const rules = async (now: Date) => (await lintTrustPolicy(policy, { trustStore, now })).map(({ rule }) => rule);
      expect(await rules(new Date())).not.toContain('expired');
      expect(await rules(new Date('2200-01-01T00:00:00Z'))).toContain('expired');
    },
    diffTrustPolicies: async (world) => {
      const expiring = extendedCases(world).find(({ name }) => name === 'a statement that will expire');
      if (expiring === undefined) throw new Error('the case is not there');
      const { policy } = plainTrust(world);
      const aspects = (at: Date) => diffTrustPolicies(policyOf(expiring), policy, { at }).map(({ aspect }) => aspect);
      expect(aspects(new Date())).not.toEqual(aspects(new Date('2200-01-01T00:00:00Z')));
    },
  },
};
