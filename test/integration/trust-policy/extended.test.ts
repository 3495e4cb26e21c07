import type { Descriptor, Repository } from '@notarykit/oci';
import {
  compileTrustPolicy,
  parseAnyTrustPolicy,
  parseExtendedTrustPolicy,
  parseTrustPolicy,
} from '@notarykit/trust-policy';
import { extendedVersion } from '@notarykit/trust-policy/internal';
import { beforeEach, describe, expect, it } from 'vitest';
import { verifyArtifactSignatures } from '../../support/verify-artifact.js';
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

  it('has the limits of a plain document', () => {
    const statements = Array.from({ length: 1001 }, (_, i) => ({
      ...base,
      name: `n${i}`,
      registryScopes: [`r.test/a${i}`],
    }));
    const document = { version: extendedVersion, trustPolicies: statements };
    const limit = expect.objectContaining({ detail: expect.objectContaining({ rule: 'limit' }) });
    for (const parse of [parseExtendedTrustPolicy, parseAnyTrustPolicy]) {
      expect(() => parse(document)).toThrow(limit);
      expect(() => parse(document, { maxStatements: Number.NaN })).toThrow(limit);
      expect(() => parse(document, { maxStatements: 1001, maxBytes: 1000 })).toThrow(limit);
      expect(parse(document, { maxStatements: 1001 }).statements).toHaveLength(1001);
    }
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

  it.each([
    ['registry.test', 'REGISTRY.test:443/a'],
    ['Registry.Test:443', 'registry.test/a'],
    ['registry.test:80/team/*', 'registry.test/team/a'],
    ['REGISTRY.TEST/team/*', 'registry.test:443/team/a'],
    ['index.docker.io/library/*', 'nginx.test/x', 'rest'],
    ['index.docker.io/library/*', 'docker.io/nginx'],
    ['docker.io/team/*', 'registry-1.docker.io/team/x'],
    ['registry-1.docker.io', 'docker.io/nginx'],
  ])('another spelling is no other scope: %s, %s', (scope, repository, statement = 'named') => {
    const parsed = extended({ name: 'named', registryScopes: [scope] }, { name: 'rest', registryScopes: ['*'] });
    expect(compileTrustPolicy(parsed, repository).statement).toBe(statement);
  });

  it.each([
    ['registry.test', 'registry.test:443'],
    ['registry.test/x', 'REGISTRY.test/x'],
    ['registry.test/team/*', 'registry.test:80/team/*'],
    ['docker.io/library/x', 'index.docker.io/x'],
  ])('one scope in two spellings is refused: %s, %s', (a, b) => {
    const twice = () => extended({ name: 'a', registryScopes: [a] }, { name: 'b', registryScopes: [b] });
    expect(twice).toThrow(expect.objectContaining({ detail: expect.objectContaining({ rule: 'duplicateScope' }) }));
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
    [
      'a scope beside "*"',
      { version: extendedVersion, trustPolicies: [{ ...base, name: 'p', registryScopes: ['*', 'r.test'] }] },
    ],
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

  it('n of m signers: each by another certificate, none counted twice', async () => {
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
    const run = () =>
      verifyArtifactSignatures(lab.repository, lab.artifact, { policy: parsed, trustStore: lab.anchors });
    await lab.attach((await lab.sign({ signer: (build as NonNullable<typeof build>).signer })).verified);
    // The build's certificate satisfies "build" and "anybody", but counts once.
    await expect(run()).rejects.toMatchObject({
      code: 'ERR_TRUST_NOT_VERIFIED',
      detail: { report: { verdict: 'refused', fact: { fact: 'signersMissing', required: 2, found: 1 } } },
    });
    await lab.attach(
      (await lab.sign({ signer: (build as NonNullable<typeof build>).signer, metadata: { again: 'yes' } })).verified,
    );
    await expect(run()).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
    await lab.attach((await lab.sign({ signer: (security as NonNullable<typeof security>).signer })).verified);
    const verdict = await run();
    if (verdict.verdict !== 'trusted') throw new Error('expected a trusted artifact');
    const leaves = verdict.signers.map(({ signature }) => signature.envelope.certificateChain[0]?.fingerprint);
    expect([leaves.length, new Set(leaves).size]).toEqual([2, 2]);
    expect(verdict.report).toMatchObject({
      verdict: 'trusted',
      policy: { statement: 'two', matchedBy: 'scope', matched: 'registry.test', digest: parsed.digest },
    });
  });

  const place = { C: 'US', ST: 'WA', O: 'NotaryKit Test' };
  const signers = (required: number, ...of: readonly (readonly [name: string, identity: string])[]) => ({
    required,
    of: of.map(([name, who]) => ({ name, trustStores: ['ca:lab'], trustedIdentities: [who] })),
  });
  const demanding = (demanded: object, patch: object = {}) =>
    parseExtendedTrustPolicy({
      version: extendedVersion,
      trustPolicies: [
        {
          name: 's',
          registryScopes: ['*'],
          signatureVerification: base.signatureVerification,
          signers: demanded,
          ...patch,
        },
      ],
    });
  type Signer = Pick<Awaited<ReturnType<Lab['authority']['issueLeaf']>>, 'signer'>;
  const issue = (CN: string, more: object = {}) => lab.authority.issueLeaf({ subject: { ...place, CN }, ...more });
  /** Verifies the artifact with nothing but signatures of these, in this order. */
  const verifySignedBy = async (extendedPolicy: ReturnType<typeof demanding>, ...by: readonly Signer[]) => {
    const listed: Descriptor[] = [];
    for (const [i, { signer }] of by.entries())
      listed.push(await lab.attach((await lab.sign({ signer, metadata: { n: String(i) } })).verified));
    const repository: Repository = {
      ...lab.repository,
      async *referrers() {
        yield* listed;
      },
    };
    return verifyArtifactSignatures(repository, lab.artifact, { policy: extendedPolicy, trustStore: lab.anchors });
  };

  it('n of m: a renewed certificate, or a second one for the same key, is one signer', async () => {
    const two = demanding(signers(2, ['vendor', identity], ['certifier', '*']));
    const first = await issue('alice');
    const renewed = await issue('alice');
    const { keyPair } = first;
    const [kept, named, chained, spelt, bob] = [
      await issue('alice', { keyPair }),
      await issue('alice-2', { keyPair }),
      await issue('alice-2'),
      await issue('ALICE'),
      await issue('bob'),
    ];
    // The last ones are linked in a chain: by the key to one, by the name to the other.
    for (const same of [
      [first, first],
      [first, kept],
      [first, renewed],
      [first, named],
      [first, spelt],
      [first, named, chained],
    ])
      await expect(verifySignedBy(two, ...same)).rejects.toMatchObject({
        code: 'ERR_TRUST_NOT_VERIFIED',
        detail: { report: { fact: { fact: 'signersMissing', required: 2, found: 1 } } },
      });
    expect((await verifySignedBy(two, first, bob)).verdict).toBe('trusted');
    // One more that links two who were apart: there is one signer, and not two, from then on.
    const linking = await issue('bob', { keyPair });
    const three = demanding(signers(3, ['a', '*'], ['b', '*'], ['c', '*']));
    await expect(verifySignedBy(three, first, bob, linking)).rejects.toMatchObject({
      detail: { report: { fact: { required: 3, found: 1 } } },
    });
  });

  it('n of m: assigns signatures to signers independent of their order', async () => {
    const [alice, bob] = [await issue('alice'), await issue('bob')];
    const parsed = demanding(
      signers(2, ['anybody', '*'], ['alice', `${identity},CN=alice`], ['nobody', `${identity},CN=nobody`]),
    );
    for (const by of [
      [alice, bob],
      [bob, alice],
    ])
      expect(await verifySignedBy(parsed, ...by)).toMatchObject({
        signers: [{ signer: 'anybody' }, { signer: 'alice' }],
        signatures: { length: 2 },
      });
  });

  it('a verdict ends with the first of what it rests on: the statement, or a signature of any signer that counts', async () => {
    const [alice, bob] = [await issue('alice'), await issue('bob')];
    const list = [['alice', `${identity},CN=alice`] as const, ['bob', `${identity},CN=bob`] as const];
    const until = async (patch: object) =>
      (await verifySignedBy(demanding(signers(2, ...list), patch), alice, bob)).report;
    const { validUntil } = await until({});
    expect(validUntil).toMatchObject({ reason: 'certificateExpiry' });
    const soon = `${new Date(Date.now() + 60_000).toISOString().slice(0, 19)}Z`;
    expect((await until({ expires: soon })).validUntil).toEqual({ time: soon, reason: 'statementExpiry' });
    const skip = { signatureVerification: { level: 'skip' }, registryScopes: ['registry.test'], expires: soon };
    const skipping = parseExtendedTrustPolicy({ version: extendedVersion, trustPolicies: [{ name: 's', ...skip }] });
    const skipped = await verifySignedBy(skipping);
    expect(skipped).toMatchObject({ verdict: 'skipped', report: { validUntil: { time: soon } } });
  });

  it('a statement that is asked for by name must be in force', async () => {
    const alice = await issue('alice');
    const manifest = await lab.attach((await lab.sign({ signer: alice.signer })).verified);
    const parsed = extended(
      { name: 'rest', registryScopes: ['*'] },
      { name: 'old', registryScopes: ['a.test'], expires: '2020-01-01T00:00:00Z' },
    );
    const named = (name: string) =>
      verifyArtifactSignatures(lab.repository, lab.artifact, {
        policy: parsed,
        trustStore: lab.anchors,
        statement: name,
      });
    expect(await named('rest')).toMatchObject({ signature: { manifest }, report: { policy: { matchedBy: 'name' } } });
    await expect(named('old')).rejects.toMatchObject({ code: 'ERR_TRUST_NO_STATEMENT' });
  });

  it('skip is not for everything', () => {
    const document = {
      version: extendedVersion,
      trustPolicies: [{ name: 's', registryScopes: ['*'], signatureVerification: { level: 'skip' } }],
    };
    expect(() => parseExtendedTrustPolicy(document)).toThrow(
      expect.objectContaining({ detail: expect.objectContaining({ rule: 'skipEverything' }) }),
    );
  });
});
