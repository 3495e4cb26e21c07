import { parseTrustPolicy } from '@notarykit/trust-policy';
import type { Trust } from 'notarykit';
import { expect } from 'vitest';
import { type Judging, ofEach } from '../judging.js';
import { places } from '../network.js';
import { statementName } from '../policies.js';
import { identityOf, type Setup } from '../setup.js';
import type { Call, Column } from '../table.js';

/** Revocation is enforced, so that the authority is asked. */
const document = {
  version: '1.0',
  trustPolicies: [
    {
      name: statementName,
      registryScopes: [`${places.registry}/team/app`],
      signatureVerification: { level: 'strict' },
      trustStores: ['ca:lab'],
      trustedIdentities: [identityOf('vendor')],
    },
  ],
};

export function onlineTrust({ network, trustStore }: Setup): Trust {
  return { policy: parseTrustPolicy(document), trustStore, revocation: network.revocation() };
}

/** Registry and authority are asked through the given transport: there is no other way to their names. */
const through =
  (run: Judging): Call =>
  async (setup) => {
    const { network, images } = setup;
    const evidence = { fetch: network.revocationFetch };
    const asked = { setup, repository: network.repository, image: images.once, trust: onlineTrust(setup), evidence };
    const seen = await network.asked(() => run(asked));
    expect(seen).toContain(`http://${places.registry}/v2/team/app/`);
    expect(seen).toContain(`http://${places.pki}/ocsp`);
  };

export const transportColumn: Column = {
  ability: 'transport',
  cells: {
    ...ofEach(through),
    verifyBundle: { none: 'It makes no request: what it reads is in the bundle.' },
  },
};
