import {
  compileTrustPolicy,
  extendedVersion,
  parseExtendedTrustPolicy,
  parseTrustPolicy,
  verifyExtended,
} from '@notarykit/trust-policy';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLab, identity, type Lab } from './lab.js';

let lab: Lab;
beforeEach(async () => {
  lab = await createLab();
});

describe('extended policies', () => {
  const base = {
    signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
    trustStores: ['ca:lab'],
    trustedIdentities: [identity],
  };
  const extended = (...statements: object[]) =>
    parseExtendedTrustPolicy({
      version: extendedVersion,
      trustPolicies: statements.map((one) => ({ ...base, ...one })),
    });

  it('the most specific scope wins', () => {
    const parsed = extended(
      { name: 'any', registryScopes: ['*'] },
      { name: 'registry', registryScopes: ['r.test'] },
      { name: 'team', registryScopes: ['r.test/team/*'] },
      { name: 'deep', registryScopes: ['r.test/team/sub/*'] },
      { name: 'exact', registryScopes: ['r.test/team/sub/x'] },
    );
    const of = (repository: string) => compileTrustPolicy(parsed, repository).statement;
    expect(
      [
        'q.test/x',
        'r.test/x',
        'r.test/team/x',
        'r.test/team/sub/y',
        'r.test/team/sub/x',
        'r.test/teammate/x',
        'r.test.evil/x',
      ].map(of),
    ).toEqual(['any', 'registry', 'team', 'deep', 'exact', 'registry', 'any']);
    const [only] = compileTrustPolicy(parsed, 'r.test/team/x').policies;
    expect(only?.document).toEqual({
      version: '1.0',
      trustPolicies: [{ ...base, name: 'team', registryScopes: ['r.test/team/x'] }],
    });
    expect(() => compileTrustPolicy(parsed, 'r.test/../x')).toThrow(
      expect.objectContaining({ code: 'ERR_TRUST_NO_STATEMENT' }),
    );
  });

  it('a statement that has expired does not apply', () => {
    const parsed = extended(
      { name: 'all', registryScopes: ['r.test'] },
      { name: 'exception', registryScopes: ['r.test/x'], expires: '2026-01-01T00:00:00Z' },
    );
    const of = (time: string) => compileTrustPolicy(parsed, 'r.test/x', new Date(time)).statement;
    expect([of('2025-12-31T23:59:59Z'), of('2026-01-01T00:00:00Z')]).toEqual(['exception', 'all']);
  });

  it.each([
    ['the plain version', { version: '1.0', trustPolicies: [{ ...base, name: 'p', registryScopes: ['*'] }] }],
    ['a bad scope', { version: extendedVersion, trustPolicies: [{ ...base, name: 'p', registryScopes: ['*.test'] }] }],
    [
      'an unknown member',
      { version: extendedVersion, trustPolicies: [{ ...base, name: 'p', registryScopes: ['*'], extra: 1 }] },
    ],
    [
      'too many required',
      {
        version: extendedVersion,
        trustPolicies: [
          {
            name: 'p',
            registryScopes: ['*'],
            signatureVerification: { level: 'strict' },
            signers: { required: 2, of: [{ name: 'a', trustStores: ['ca:s'], trustedIdentities: ['*'] }] },
          },
        ],
      },
    ],
    [
      'what a plain document refuses',
      { version: extendedVersion, trustPolicies: [{ ...base, name: 'p', registryScopes: ['*'], trustStores: ['x'] }] },
    ],
  ])('refused: %s', (_, document) => {
    expect(() => parseExtendedTrustPolicy(document)).toThrow(expect.objectContaining({ code: 'ERR_TRUST_POLICY' }));
  });

  it('a plain reader refuses an extended document', () => {
    expect(() => parseTrustPolicy({ version: extendedVersion, trustPolicies: [] })).toThrow(
      expect.objectContaining({ code: 'ERR_TRUST_POLICY' }),
    );
  });

  it('n of m signers: each by another certificate, nobody twice', async () => {
    const signer = (name: string, cn: string) => ({
      name,
      trustStores: ['ca:lab'],
      trustedIdentities: [`${identity},CN=${cn}`],
    });
    const parsed = parseExtendedTrustPolicy({
      version: extendedVersion,
      trustPolicies: [
        {
          name: 'two',
          registryScopes: ['registry.test'],
          signatureVerification: base.signatureVerification,
          signers: {
            required: 2,
            of: [
              signer('build', 'build'),
              { ...signer('anybody', ''), trustedIdentities: [identity] },
              signer('security', 'security'),
            ],
          },
        },
      ],
    });
    const place = { C: 'US', ST: 'WA', O: 'NotaryKit Test' };
    const [build, security] = await Promise.all(
      ['build', 'security'].map((CN) => lab.authority.issueLeaf({ subject: { ...place, CN } })),
    );
    const run = () => verifyExtended(lab.repository, lab.artifact, { policy: parsed, trustStore: lab.anchors });
    await lab.attach((await lab.sign({ signer: (build as NonNullable<typeof build>).signer })).verified);
    // The build's certificate satisfies "build" and "anybody", but counts once.
    await expect(run()).rejects.toMatchObject({
      code: 'ERR_TRUST_NOT_VERIFIED',
      detail: { report: { verdict: 'notTrusted', fact: { fact: 'signersMissing', required: 2, found: 1 } } },
    });
    await lab.attach(
      (await lab.sign({ signer: (build as NonNullable<typeof build>).signer, metadata: { again: 'yes' } })).verified,
    );
    await expect(run()).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
    await lab.attach((await lab.sign({ signer: (security as NonNullable<typeof security>).signer })).verified);
    const verdict = await run();
    expect(verdict).toMatchObject({ verdict: 'trusted', compiled: { required: 2 }, reports: { length: 3 } });
    const leaves = verdict.signers.map(({ signature }) => signature.envelope?.certificateChain[0]?.fingerprint);
    expect(new Set(leaves).size).toBe(verdict.signers.length);
  });
});
