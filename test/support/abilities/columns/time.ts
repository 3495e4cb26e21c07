import { diffTrustPolicies, lintTrustPolicy } from '@notarykit/trust-policy';
import { expect } from 'vitest';
import { type Judging, ofEach } from '../judging.js';
import { extendedCases, plainTrust, policyOf } from '../policies.js';
import type { Call, Column } from '../table.js';

/** Before any certificate of the world was valid. */
const early = new Date('1990-01-01T00:00:00Z');

/** What is trusted today was not trusted at a date before its certificates. */
const asOf =
  (run: Judging): Call =>
  async (world) => {
    const trust = plainTrust(world);
    const asked = { world, repository: world.repository, image: world.images.both, maker: trust };
    await run({ ...asked, trust });
    await expect(run({ ...asked, trust: { ...trust, at: early } })).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_/),
    });
  };

export const timeColumn: Column = {
  ability: 'at/now',
  cells: {
    ...ofEach(asOf),
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
