import { readFileSync } from 'node:fs';
import type { Cache } from '@notarykit/common';
import { utf8 } from '@notarykit/common';
import type { Repository } from '@notarykit/oci';
import { describeBlob } from '@notarykit/signature-envelope';
import {
  compileTrustPolicy,
  createCachedVerifier,
  diffTrustPolicies,
  explain,
  extendedVersion,
  lintTrustPolicy,
  memoryTrustStore,
  parseBlobTrustPolicy,
  parseExtendedTrustPolicy,
  parseTrustPolicy,
  simulate,
  TrustError,
  type TrustReport,
  toSarif,
  verifyArtifactSignatures,
  verifyBlobSignature,
  verifyExtended,
} from '@notarykit/trust-policy';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLab, identity, type Lab, policy, repositoryName } from './lab.js';
import { type Schema, violations } from './schema.js';

const schemas = new URL('../../../packages/trust-policy/schemas/', import.meta.url);
const schema = (name: string): Schema =>
  JSON.parse(readFileSync(new URL(`${name}.schema.json`, schemas), 'utf8')) as Schema;

let lab: Lab;
beforeEach(async () => {
  lab = await createLab();
});

const verify = (patch: object = {}, repository: Repository = lab.repository) =>
  verifyArtifactSignatures(repository, lab.artifact, { policy: policy(), trustStore: lab.anchors, ...patch });

async function reportOf(run: Promise<{ report: TrustReport }>): Promise<TrustReport> {
  try {
    return (await run).report;
  } catch (error) {
    if (error instanceof TrustError && error.report !== undefined) return error.report;
    throw error;
  }
}

/** Reports of many kinds: trusted, refused for several reasons, skipped, without signature. */
async function reports(): Promise<readonly TrustReport[]> {
  const none = await reportOf(verify());
  const other = await createLab();
  await lab.attach((await other.sign()).verified);
  await lab.attach((await lab.sign({ expiry: new Date('2030-01-01T00:00:00Z') })).verified);
  const skip = policy({ signatureVerification: { level: 'skip' }, trustStores: [], trustedIdentities: [] });
  return [
    none,
    await reportOf(verify()),
    await reportOf(verify({ policy: policy({ trustedIdentities: ['x509.subject:C=US,ST=WA,O=Other'] }) })),
    await reportOf(verify({ now: new Date('2031-01-01T00:00:00Z') })),
    await reportOf(
      verify({ now: new Date('2031-01-01T00:00:00Z'), at: new Date('2029-01-01T00:00:00Z'), metadata: { a: 'b' } }),
    ),
    await reportOf(verify({ policy: policy({ signatureVerification: { level: 'audit' } }) })),
    await reportOf(verify({ policy: policy({ signatureVerification: { level: 'strict' } }) })),
    await reportOf(verify({ policy: policy({ trustStores: ['ca:lab', 'tsa:lab'] }) })),
    await reportOf(verify({ policy: skip })),
  ];
}

describe('reports', () => {
  it('are plain JSON that holds to the published schema', async () => {
    for (const report of await reports()) {
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      expect(violations(schema('trust-report'), report)).toEqual([]);
    }
    expect(violations(schema('trust-report'), { reportVersion: '1.0' })).not.toEqual([]);
  });

  it('explain: the text alone says the verdict, the statement, the reason and what to do', async () => {
    const [none, trusted, identityRefused, expired] = (await reports()).map(explain) as [
      string,
      string,
      string,
      string,
    ];
    expect(none).toMatch(
      /^Not trusted: registry\.test\/net-monitor@sha256:[\s\S]*why: the artifact has no signature[\s\S]*do: {2}sign the artifact/,
    );
    expect(trusted).toMatch(/^Trusted:[\s\S]*statement "lab"[\s\S]*holds until 2030|^Trusted:[\s\S]*holds until 2030/);
    expect(identityRefused).toMatch(
      /FAILED {2}authenticity: the signing certificate is of "CN=NotaryKit Test Signer[\s\S]*wants O="Other", found "NotaryKit Test"[\s\S]*do: if this signer is to be trusted, add "x509\.subject:/,
    );
    expect(expired).toMatch(/FAILED {2}expiry: the signature expired on 2030-01-01T00:00:00Z; it is 2031/);
  });

  it('explain: input of others forges no line', async () => {
    const [report] = (await reports()).slice(2, 3) as [TrustReport];
    const forged = { ...report, subject: { ...report.subject, repository: 'a\nTrusted: b' } } as TrustReport;
    expect(explain(forged).split('\n')[0]).toContain('\\u000a');
  });

  it('toSarif: errors for refusals, notes where another signature is trusted, warnings for what was logged', async () => {
    const all = await reports();
    const log = toSarif(all);
    expect(log).toMatchObject({ version: '2.1.0', runs: [{ tool: { driver: { name: 'NotaryKit' } } }] });
    const [run] = log.runs;
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
      expect(result.message.text).toContain('To do:');
      expect(result.properties.fact).toBe(result.ruleId);
    }
    const levels = (report: TrustReport) =>
      toSarif([report]).runs[0].results.map(({ ruleId, level }) => [ruleId, level]);
    expect(levels(all[0] as TrustReport)).toEqual([['noSignature', 'error']]);
    expect(levels(all[1] as TrustReport)).toEqual([['chainNotTrusted', 'note']]);
    expect(levels(all[2] as TrustReport)).toContainEqual(['identityNotTrusted', 'error']);
    expect(levels(all[5] as TrustReport)).toContainEqual(['chainNotTrusted', 'warning']);
    expect(levels(all[8] as TrustReport)).toEqual([]);
  });
});

describe('schemas of policies', () => {
  const good = {
    version: '1.0',
    trustPolicies: [
      {
        name: 'p',
        registryScopes: ['a.b/c'],
        signatureVerification: { level: 'strict' },
        trustStores: ['ca:s'],
        trustedIdentities: ['*'],
      },
    ],
  };
  it('take what the parser takes, and refuse what it refuses', () => {
    const patch = (change: object) => ({ ...good, trustPolicies: [{ ...good.trustPolicies[0], ...change }] });
    expect(violations(schema('trust-policy'), good)).toEqual([]);
    for (const bad of [
      { version: '2.0', trustPolicies: [] },
      patch({ registryScopes: ['a.b/C'] }),
      patch({ trustStores: ['x:y'] }),
      patch({ signatureVerification: { level: 'none' } }),
    ]) {
      expect(violations(schema('trust-policy'), bad)).not.toEqual([]);
      expect(() => parseTrustPolicy(bad)).toThrow(TrustError);
    }
    expect(violations(schema('blob-trust-policy'), patch({ globalPolicy: true }))).toEqual([]);
    expect(
      violations(schema('extended-trust-policy'), {
        ...patch({ registryScopes: ['a.b/c/*'] }),
        version: extendedVersion,
      }),
    ).toEqual([]);
  });
});

describe('lintTrustPolicy', () => {
  const rules = async (...args: Parameters<typeof lintTrustPolicy>) =>
    (await lintTrustPolicy(...args)).map(({ rule, member }) => [rule, member]);

  it('finds nothing in a policy that is tight', async () => {
    expect(await rules(policy({ signatureVerification: { level: 'strict' } }))).toEqual([]);
  });

  it.each([
    ['any identity', { trustedIdentities: ['*'] }, ['widening', 'trustedIdentities']],
    ['audit', { signatureVerification: { level: 'audit' } }, ['widening', 'signatureVerification']],
    ['revocation skipped', {}, ['widening', 'signatureVerification.override']],
    ['tsa without ca', { trustStores: ['signingAuthority:lab', 'tsa:lab'] }, ['unreachable', 'trustStores']],
    [
      'verifyTimestamp without tsa',
      { signatureVerification: { level: 'strict', verifyTimestamp: 'afterCertExpiry' } },
      ['unreachable', 'signatureVerification.verifyTimestamp'],
    ],
    [
      'an override of nothing',
      { signatureVerification: { level: 'strict', override: { expiry: 'enforce' } } },
      ['unreachable', 'signatureVerification.override'],
    ],
    ['a store twice', { trustStores: ['ca:lab', 'ca:lab'] }, ['unreachable', 'trustStores']],
    ['an unknown member', { comment: 'x' }, ['unknownMember', 'comment']],
  ])('%s', async (_, patch, expected) => {
    expect(await rules(policy(patch))).toContainEqual(expected);
  });

  it('a named repository that is held to less than the wildcard', async () => {
    const statement = { trustStores: ['ca:lab'], trustedIdentities: [identity] };
    const parsed = parseTrustPolicy({
      version: '1.0',
      trustPolicies: [
        { name: 'one', registryScopes: ['a.b/c'], signatureVerification: { level: 'permissive' }, ...statement },
        { name: 'all', registryScopes: ['*'], signatureVerification: { level: 'strict' }, ...statement },
      ],
    });
    expect(await lintTrustPolicy(parsed)).toMatchObject([{ rule: 'overlapping', statement: 'one' }]);
  });

  it('stores that cannot be used, anchors that have expired or soon will', async () => {
    const parsed = policy({ signatureVerification: { level: 'strict' }, trustStores: ['ca:lab', 'ca:none'] });
    expect(await rules(parsed, { trustStore: lab.anchors })).toEqual([['unusable', 'trustStores[1]']]);
    const late = { trustStore: lab.anchors, now: new Date('2119-12-20T00:00:00Z') };
    expect(await lintTrustPolicy(parsed, late)).toMatchObject([{ rule: 'expired', severity: 'note' }, {}]);
    const past = { trustStore: lab.anchors, now: new Date('2120-02-01T00:00:00Z') };
    expect(await lintTrustPolicy(parsed, past)).toMatchObject([{ rule: 'expired', severity: 'warning' }, {}]);
  });
});

describe('diffTrustPolicies', () => {
  it('says nothing of policies that mean the same', () => {
    expect(diffTrustPolicies(policy(), policy({ name: 'other' }))).toEqual([]);
  });

  it.each([
    [
      'identity added',
      { trustedIdentities: [identity, 'x509.subject:C=US,ST=WA,O=Other'] },
      'wider',
      'identity',
      'now also trusts',
    ],
    ['identity widened', { trustedIdentities: ['*'] }, 'wider', 'identity', 'now also trusts'],
    ['identity narrowed', { trustedIdentities: [`${identity},CN=x`] }, 'narrower', 'identity', 'no longer trusts'],
    ['store added', { trustStores: ['ca:lab', 'ca:more'] }, 'wider', 'trustStore', 'now also uses'],
    ['timestamps demanded', { trustStores: ['ca:lab', 'tsa:lab'] }, 'narrower', 'trustStore', 'tsa:lab'],
    [
      'level lowered',
      { signatureVerification: { level: 'strict', override: { revocation: 'skip', expiry: 'log' } } },
      'wider',
      'action',
      'expiry was "enforce"',
    ],
    ['scope moved', { registryScopes: ['other.test/x'] }, 'narrower', 'scope', 'no longer covered'],
  ] as const)('%s', (_, patch, effect, aspect, text) => {
    const differences = diffTrustPolicies(policy(), policy(patch));
    expect(differences).toContainEqual(
      expect.objectContaining({ effect, aspect, message: expect.stringContaining(text) }),
    );
  });
});

describe('simulate', () => {
  it('says what would flip, and why', async () => {
    const { verified, envelope, mediaType } = await lab.sign();
    await lab.attach(verified);
    const outcomes = [{ report: await reportOf(verify()), envelopes: [{ bytes: envelope, mediaType }] }];
    const options = { trustStore: lab.anchors };
    expect(await simulate(policy(), outcomes, options)).toMatchObject([
      { before: 'trusted', after: 'trusted', flips: false },
    ]);
    const narrower = policy({ trustedIdentities: ['x509.subject:C=US,ST=WA,O=Other'] });
    expect(await simulate(narrower, outcomes, options)).toMatchObject([
      {
        repository: repositoryName,
        before: 'trusted',
        after: 'notTrusted',
        flips: true,
        because: { fact: 'identityNotTrusted' },
      },
    ]);
    expect(await simulate(policy({ registryScopes: ['a.b/c'] }), outcomes, options)).toMatchObject([
      { after: 'noStatement', flips: true },
    ]);
  });
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

describe('createCachedVerifier', () => {
  const now = new Date('2026-06-01T00:00:10Z');

  function counted(): { repository: Repository; listed: () => number } {
    let count = 0;
    const repository: Repository = {
      ...lab.repository,
      referrers: (...args) => {
        count += 1;
        return lab.repository.referrers(...args);
      },
    };
    return { repository, listed: () => count };
  }

  it('remembers trusted verdicts while nothing that they rest on changes', async () => {
    await lab.attach(
      (await lab.sign({ now: new Date('2026-01-01T00:00:00Z'), expiry: new Date('2026-06-01T00:01:00Z') })).verified,
    );
    const cache = new Map<string, string>();
    const stored: Cache<string> = {
      get: async (key) => cache.get(key),
      set: async (key, value) => cache.set(key, value),
      delete: async (key) => cache.delete(key),
    };
    const verifier = createCachedVerifier({ cache: stored, bucketSeconds: 300 });
    const { repository, listed } = counted();
    const options = { policy: policy(), trustStore: lab.anchors, now };
    const run = (patch: object = {}) => verifier(repository, lab.artifact, { ...options, ...patch });
    expect(await run()).toMatchObject({ verdict: 'trusted', cached: false });
    expect(await run()).toMatchObject({ verdict: 'trusted', cached: true });
    expect(listed()).toBe(1);
    // Past validUntil in the same stretch of time: judged anew, and refused.
    await expect(run({ now: new Date('2026-06-01T00:01:00Z') })).rejects.toMatchObject({
      code: 'ERR_TRUST_NOT_VERIFIED',
    });
    for (const patch of [
      { policy: policy({ name: 'other' }) },
      {
        trustStore: memoryTrustStore({
          ca: { lab: [lab.authority.root.certificate, lab.authority.issuer.certificate] },
        }),
      },
      { maxSignatures: 7 },
      { now: new Date('2026-05-31T23:00:00Z') },
    ]) {
      expect(await run(patch)).toMatchObject({ cached: false });
    }
  });

  it('refusals are never remembered, equal work under way is done once, a broken cache only costs time', async () => {
    const broken: Cache<string> = {
      get: () => Promise.reject(new Error('x')),
      set: () => Promise.reject(new Error('x')),
      delete: async () => undefined,
    };
    const verifier = createCachedVerifier({ cache: broken });
    const { repository, listed } = counted();
    const options = { policy: policy(), trustStore: lab.anchors, now };
    await expect(verifier(repository, lab.artifact, options)).rejects.toMatchObject({ code: 'ERR_TRUST_NO_SIGNATURE' });
    await lab.attach((await lab.sign()).verified);
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => verifier(repository, lab.artifact, options)));
    expect(verdicts.every(({ verdict }) => verdict === 'trusted')).toBe(true);
    expect(listed()).toBe(2);
  });
});

describe('verifyBlobSignature', () => {
  const content = utf8('hello');
  const blobPolicy = (patch: object = {}) => {
    const { registryScopes: _, ...statement } = {
      name: 'b',
      signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
      trustStores: ['ca:lab'],
      trustedIdentities: [identity],
      globalPolicy: true,
      registryScopes: [],
      ...patch,
    };
    return parseBlobTrustPolicy({ version: '1.0', trustPolicies: [statement] });
  };
  const run = async (blob: Uint8Array, patch: object = {}) => {
    const target = await describeBlob(content, { digestAlgorithm: 'sha256', mediaType: 'text/plain' });
    const { envelope, mediaType } = await lab.sign({ target: target as never });
    return verifyBlobSignature(blob, envelope, { policy: blobPolicy(), trustStore: lab.anchors, mediaType, ...patch });
  };

  it('trusts the blob that was signed, and tells its digest', async () => {
    expect(await run(content, { contentMediaType: 'text/plain' })).toMatchObject({
      verdict: 'trusted',
      report: { subject: { kind: 'blob', size: 5 } },
    });
  });

  it('refuses another blob, or another media type', async () => {
    const fact = async (promise: Promise<unknown>) => {
      const error = (await promise.catch((thrown: unknown) => thrown)) as TrustError;
      return error.report?.signatures[0]?.validations.find(({ result }) => result === 'failed')?.fact;
    };
    expect(await fact(run(utf8('hallo')))).toMatchObject({ fact: 'targetMismatch', member: 'digest' });
    expect(await fact(run(content, { contentMediaType: 'text/html' }))).toMatchObject({
      fact: 'targetMismatch',
      member: 'mediaType',
    });
  });

  it('level skip does not read the blob', async () => {
    const skip = blobPolicy({
      signatureVerification: { level: 'skip' },
      trustStores: [],
      trustedIdentities: [],
      globalPolicy: false,
    });
    expect(await run(utf8('x'), { policy: skip, policyName: 'b' })).toMatchObject({ verdict: 'skipped' });
  });
});
