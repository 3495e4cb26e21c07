import { diffTrustPolicies, lintTrustPolicy } from '@notarykit/trust-policy';
import { expect } from 'vitest';
import { type Judging, ofEach } from '../judging.js';
import { extendedCases, plainTrust, policyOf } from '../policies.js';
import type { Call, Column } from '../table.js';

/** Before any certificate of the setup was valid. */
const early = new Date('1990-01-01T00:00:00Z');

/** What is trusted today was not trusted at a date before its certificates. */
const asOf =
  (run: Judging): Call =>
  async (setup) => {
    const trust = plainTrust(setup);
    const asked = { setup, repository: setup.repository, image: setup.images.both, maker: trust };
    await run({ ...asked, trust });
    await expect(run({ ...asked, trust: { ...trust, at: early } })).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_/),
    });
  };

export const timeColumn: Column = {
  ability: 'at/now',
  cells: {
    ...ofEach(asOf),
    lintTrustPolicy: async (setup) => {
      const { policy, trustStore } = plainTrust(setup);
      const rules = async (now: Date) => (await lintTrustPolicy(policy, { trustStore, now })).map(({ rule }) => rule);
      expect(await rules(new Date())).not.toContain('expired');
      expect(await rules(new Date('2200-01-01T00:00:00Z'))).toContain('expired');
    },
    diffTrustPolicies: async (setup) => {
      const expiring = extendedCases(setup).find(({ name }) => name === 'a statement that will expire');
      if (expiring === undefined) throw new Error('the case is not there');
      const { policy } = plainTrust(setup);
      const aspects = (at: Date) => diffTrustPolicies(policyOf(expiring), policy, { at }).map(({ aspect }) => aspect);
      expect(aspects(new Date())).not.toEqual(aspects(new Date('2200-01-01T00:00:00Z')));
    },
  },
};
