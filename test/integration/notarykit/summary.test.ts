import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, memoryRepository, OciError, type Repository } from '@notarykit/oci';
import { checkAllowed, type GateDecision } from '@notarykit/sbom-gate';
import { buildVsa, statementMediaType } from '@notarykit/sbom-gate/internal';
import { attestSummary, type GateOptions, openGraph, promote, revokeSummaries, sign } from 'notarykit';
import { verdictRequest } from 'notarykit/internal';
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOfSummary, summaryKey } from '../../../packages/notarykit/src/verdict/summary-key.ts';
import {
  bySummary,
  createSummarySetup,
  hour,
  inScope,
  pathOf,
  report,
  revocationOf,
  type Statement,
  type SummarySetup,
  scanType,
  summaryPolicy,
} from '../../support/summary-setup.js';

let setup: SummarySetup;
beforeEach(async () => {
  setup = await createSummarySetup();
});

const whole = (reason: string) => ['ALLOW', 'evidence', expect.stringContaining(reason)];
const later = (ms: number): string => new Date(Date.now() + ms).toISOString();
const own = ({ predicate }: Statement): Record<string, unknown> => predicate['notarykit_gate'] as never;
const fake = (letter: string): string => letter.repeat(64);

describe('a summary that is accepted', () => {
  it('GS1 replaces the evidence, and the decision reports it', async () => {
    expect(pathOf(await setup.decide())).toEqual(whole('no summary is signed as the policy asks'));
    const summary = await setup.attest();
    const decision = await setup.decide();
    expect(pathOf(decision)).toEqual(bySummary);
    expect(decision.proof).toMatchObject({ summary: summary.digest, signatures: [{ alias: 'verifier' }] });
    expect(decision.image.platforms.map(({ platform }) => platform).sort()).toEqual(['linux/amd64', 'linux/arm64']);
  });

  it('GS1 is not looked for where the policy names no verifier', async () => {
    await setup.attest();
    const policy = summaryPolicy({ summary: undefined });
    expect(pathOf(await setup.decide({ policy }))).toEqual(['ALLOW', 'evidence', '']);
  });

  it('GS1 of a promotion is accepted where the image was promoted to, and only there', async () => {
    const target = memoryRepository('production.test/other/name');
    const { signer } = setup.verifier;
    const options = { ...setup.options, trust: inScope(setup), reference: setup.root, tag: 'v1', signer };
    const { summary } = await promote(setup.repository, target, options);
    const decision = await setup.decide({}, setup.root, target);
    expect(pathOf(decision)).toEqual(bySummary);
    expect(pathOf(await setup.decide())).toEqual(whole('no summary is signed'));
    // A second promotion keeps one that is not old.
    expect((await promote(setup.repository, target, options)).summary?.digest).toBe(summary?.digest);
  });
});

describe('what a summary says', () => {
  it.each<readonly [string, string, (statement: Statement) => unknown, string]>([
    ['GS2', 'of another image', (s) => (s.subject = [{ digest: { sha256: fake('a') } }]), 'another image'],
    ['GS2', 'at another place', ({ predicate }) => (predicate['resourceUri'] = 'evil.test/app'), 'another place'],
    [
      'GS2',
      'of another verifier',
      ({ predicate }) => (predicate['verifier'] = { id: 'https://evil.test' }),
      'not name',
    ],
    ['GS2', 'without platforms', (s) => (own(s)['platforms'] = []), 'no platform'],
    [
      'GS3',
      'under another policy',
      ({ predicate }) => (predicate['policy'] = { digest: { sha256: fake('b') } }),
      'another policy',
    ],
    ['GS3', 'of another request', (s) => (own(s)['request'] = fake('c')), 'another request'],
    ['GS3', 'of no request', ({ predicate }) => delete predicate['notarykit_gate'], 'what was asked'],
    ['GS5', 'that failed', ({ predicate }) => (predicate['verificationResult'] = 'FAILED'), 'gate passed'],
    [
      'GS5',
      'without its level',
      ({ predicate }) => (predicate['verifiedLevels'] = ['SLSA_BUILD_LEVEL_3']),
      'gate passed',
    ],
    ['GS6', 'too old', ({ predicate }) => (predicate['timeVerified'] = later(-hour)), 'too old'],
    ['GS6', 'from the future', ({ predicate }) => (predicate['timeVerified'] = later(hour / 2)), 'future'],
    ['GS6', 'without a time', ({ predicate }) => delete predicate['timeVerified'], 'no time'],
    ['GS6', 'whose decision has ended', (s) => (own(s)['validUntil'] = later(-1000)), 'too old'],
    ['GS11', 'with a member of another type', (s) => (own(s)['platforms'] = 'all'), 'cannot be read'],
    ['GS11', 'of another statement', (s) => (s['predicateType'] = 'https://evil.test'), 'cannot be read'],
  ])('%s a summary %s', async (_id, _what, change, reason) => {
    const statement = await setup.statement();
    change(statement);
    await setup.forge(statement);
    expect(pathOf(await setup.decide())).toEqual(whole(reason));
  });

  it('GS2 the summary of the index is not one of its platform, nor the other way round', async () => {
    const [child] = setup.platforms as [Descriptor];
    await sign(setup.repository, child, { signer: setup.build.signer });
    // The statement about the index names its platforms as subjects, too.
    await setup.forge(await setup.statement(), { subject: child });
    expect(pathOf(await setup.decide({}, child))).toEqual(whole('another place'));
    await setup.forge(await setup.statement({}, child));
    expect(pathOf(await setup.decide())).toEqual(whole('another image'));
  });

  it('GS2 the same content in another repository has summaries of its own', async () => {
    await setup.attest();
    const moved: Repository = { ...setup.repository, name: 'registry.test/mirror' };
    expect(pathOf(await setup.decide({}, setup.root, moved))).toEqual(whole('another place'));
  });
});

describe('the request', () => {
  it.each<readonly [string, string, (setup: SummarySetup) => Partial<GateOptions>, string]>([
    ['GS3', 'another policy', () => ({ policy: summaryPolicy({ name: 'renamed' }) }), 'another policy'],
    ['GS3', 'another level', ({ trust }) => ({ trust: trust({ level: 'permissive' }) }), 'another request'],
    [
      'GS3',
      'a checker of revocation',
      ({ options: { trust } }) => ({ trust: { ...trust, revocation: revocationOf() } }),
      'another request',
    ],
    [
      'GS3',
      'another limit',
      ({ options: { trust } }) => ({ trust: { ...trust, maxSignatures: 7 } }),
      'another request',
    ],
    ['GS3', 'a rule', () => ({ rules: [{ name: 'r', identity: '1', evaluate: () => [] }] }), 'another request'],
    ['GS7', 'a rule without identity', () => ({ rules: [{ name: 'r', evaluate: () => [] }] }), 'accepts no summaries'],
    ['GS7', 'a time', () => ({ now: new Date() }), 'accepts no summaries'],
    ['GS7', 'a clock', () => ({ now: () => new Date() }), 'accepts no summaries'],
    [
      'GS7',
      'a time of the trust policy',
      ({ options: { trust } }) => ({ trust: { ...trust, now: new Date() } }),
      'accepts no summaries',
    ],
    ['GS7', 'a date', ({ options: { trust } }) => ({ trust: { ...trust, at: new Date() } }), 'accepts no summaries'],
  ])('%s %s: the summary is of another request', async (_id, _what, change, reason) => {
    await setup.attest();
    expect(pathOf(await setup.decide(change(setup)))).toEqual(whole(reason));
  });

  const exceptions = [
    {
      id: 'CVE-1',
      reason: 'not reachable',
      expires: '2099-01-01T00:00:00Z',
      packages: [{ name: 'x' }],
      images: ['registry.test/app'],
    },
  ];

  it.each<readonly [string, (setup: SummarySetup, seen: GateOptions['seen']) => Partial<GateOptions>]>([
    ['what was seen before', (_, seen = []) => ({ seen })],
    ['a time', () => ({ now: new Date() })],
    ['exceptions for one image', () => ({ policy: summaryPolicy({ exceptions }) })],
    ['a rule without identity', () => ({ rules: [{ name: 'r', evaluate: () => [] }] })],
  ])('GS7 a request with %s makes no summary that counts, and accepts none', async (_what, change) => {
    const { evidence } = await setup.decide();
    const options = change(setup, [evidence.used[0]?.manifest ?? `sha256:${fake('0')}`]);
    const statement = await setup.statement(options);
    expect(statement.predicate).not.toHaveProperty('notarykit_gate');
    await setup.forge(statement);
    expect(pathOf(await setup.decide(options))).toEqual(whole('accepts no summaries'));
    expect((await setup.decide()).proof?.by).toBe('evidence');
  });

  it('GS7 is not used with rules of the caller, which may depend on the tag', async () => {
    const rules = [{ name: 'r', identity: '1', evaluate: () => [] }];
    await setup.attest({ rules });
    expect(pathOf(await setup.decide({ rules }))).toEqual(bySummary);
    await setup.repository.tag(setup.root, 'v1');
    expect(pathOf(await setup.decide({ rules }, 'v1' as never))).toEqual(whole('rules of the caller'));
    await setup.attest();
    expect(pathOf(await setup.decide({}, 'v1' as never))).toEqual(bySummary);
  });

  it.each([
    ['this code', undefined],
    ['older code', '0.0.9'],
  ])('GS3 a summary of %s', async (_what, version) => {
    const { policy, trust } = setup.options;
    const view = openGraph(setup.repository);
    const request = await verdictRequest(view, { descriptor: setup.root }, { gate: { policy, trust } });
    const statement = await setup.statement();
    own(statement)['request'] = digestOfSummary(summaryKey(request) ?? 'none', version);
    await setup.forge(statement);
    expect(pathOf(await setup.decide())).toEqual(version === undefined ? bySummary : whole('of other code'));
  });
});

describe('who signs a summary', () => {
  it.each<readonly [string, (setup: SummarySetup) => Parameters<SummarySetup['forge']>[1]]>([
    ['no one', () => ({ signer: null })],
    ['the signer of images', ({ build }) => ({ signer: build.signer })],
    ['the signer of scans', ({ scanner }) => ({ signer: scanner.signer })],
  ])('GS4 %s', async (_who, how) => {
    await setup.forge(await setup.statement(), how(setup));
    expect(pathOf(await setup.decide())).toEqual(whole('no summary is signed'));
  });

  it('GS4 a signature that has ended, where expiry is only logged', async () => {
    const trust = setup.trust({ level: 'strict', override: { revocation: 'skip', expiry: 'log' } });
    const past = new Date(Math.floor(Date.now() / 1000) * 1000 - 2 * hour);
    const ended = { now: past, expiry: new Date(past.getTime() + hour) };
    await setup.forge(await setup.statement({ trust }), ended);
    expect(pathOf(await setup.decide({ trust }))).toEqual(whole('signatures have ended'));
  });

  it.each([
    ['GS4', 'CN=verifier', 'revoked', 'no summary is signed'],
    ['GS4', 'CN=verifier', 'unavailable', 'cannot determine whether'],
  ] as const)('%s a verifier that is %s now: %s', async (_id, name, status, reason) => {
    const statuses = new Map<string, 'revoked' | 'unavailable'>();
    const trust = { ...setup.trust({ level: 'strict' }), revocation: revocationOf(statuses) };
    await setup.attest({ trust });
    expect(pathOf(await setup.decide({ trust }))).toEqual(bySummary);
    statuses.set(name.slice(3), status);
    expect(pathOf(await setup.decide({ trust }))).toEqual(whole(reason));
  });
});

describe('summaries that disagree', () => {
  it.each([
    ['newer', 1, 'as new or newer'],
    ['as new', 0, 'as new or newer'],
    ['older', -1000, ''],
  ])('GS5 one that failed and is %s', async (_what, ms, reason) => {
    const statement = await setup.statement();
    const made = Date.parse(String(statement.predicate['timeVerified']));
    await setup.forge(statement);
    statement.predicate['verificationResult'] = 'FAILED';
    statement.predicate['timeVerified'] = new Date(made + ms).toISOString();
    await setup.forge(statement);
    expect(pathOf(await setup.decide())).toEqual(reason === '' ? bySummary : whole(reason));
  });

  it('GS5 one that failed for another verifier, at another place, under another policy', async () => {
    const statement = await setup.statement();
    await setup.forge(statement);
    Object.assign(statement.predicate, {
      verificationResult: 'FAILED',
      verifier: { id: 'https://other.test' },
      resourceUri: 'other.test/app',
      policy: { digest: { sha256: fake('d') } },
    });
    delete statement.predicate['notarykit_gate'];
    await setup.forge(statement);
    expect(pathOf(await setup.decide())).toEqual(whole('as new or newer'));
  });

  it.each<readonly [string, (statement: Statement) => object, string]>([
    [
      'failed and says no time',
      ({ predicate }) => ({ predicate: { ...predicate, verificationResult: 'FAILED', timeVerified: undefined } }),
      'no time',
    ],
    ['cannot be read', () => ({ predicateType: 'https://evil.test' }), 'cannot be read'],
  ])('GS5 one that %s', async (_what, change, reason) => {
    const statement = await setup.statement();
    await setup.forge(statement);
    await setup.forge({ ...statement, ...change(statement) });
    expect(pathOf(await setup.decide())).toEqual(whole(reason));
  });

  it('GS5 one that failed and is not signed cancels nothing', async () => {
    const statement = await setup.statement();
    await setup.forge(statement);
    statement.predicate['verificationResult'] = 'FAILED';
    await setup.forge(statement, { signer: null });
    expect(pathOf(await setup.decide())).toEqual(bySummary);
  });

  it('GS5 a denial makes one that failed, and it cancels the one before', async () => {
    await setup.attest();
    const [platform] = setup.platforms as [Descriptor];
    await setup.attach(platform, scanType, report(['CVE-2026-1'], 'worse'));
    const { decision } = await attestSummary(setup.repository, setup.root, {
      ...setup.options,
      sign: { signer: setup.verifier.signer },
    });
    expect(decision.verdict).toBe('DENY');
    expect(pathOf(await setup.decide())[0]).toBe('DENY');
  });
});

describe('a summary that is revoked', () => {
  it('GS8 by its digest or that of the image, which the caller gives', async () => {
    const { digest } = await setup.attest();
    expect(pathOf(await setup.decide({ revokedSummaries: [digest] }))).toEqual(whole('it is revoked'));
    expect(pathOf(await setup.decide({ revokedSummaries: [setup.root.digest] }))).toEqual(whole('are revoked'));
    expect(pathOf(await setup.decide({ revokedSummaries: [`sha256:${fake('e')}`] }))).toEqual(bySummary);
  });

  it('GS8 by one that says so in the registry, until there is a newer one', async () => {
    const statement = await setup.statement();
    statement.predicate['timeVerified'] = later(-2000);
    await setup.forge(statement);
    expect(pathOf(await setup.decide())).toEqual(bySummary);
    const signing = { policy: setup.options.policy, sign: { signer: setup.verifier.signer } };
    await revokeSummaries(setup.repository, setup.root, { ...signing, now: new Date(later(-1000)) });
    expect(pathOf(await setup.decide())).toEqual(whole('as new or newer'));
    await setup.attest();
    expect(pathOf(await setup.decide())).toEqual(bySummary);
  });
});

describe('changes that keep every digest the same', () => {
  it.each<readonly [string, (setup: SummarySetup) => Descriptor]>([
    ['the image', ({ root }) => root],
    ['a platform', ({ platforms }) => platforms[1] as Descriptor],
  ])('GS9 a new scan of %s is seen', async (_what, place) => {
    await setup.attest();
    await setup.attach(place(setup), scanType, report(['CVE-2026-1'], 'newer'));
    const decision = await setup.decide();
    expect(pathOf(decision)[2]).toContain('attached after');
    expect(decision.proof?.by).not.toBe('summary');
  });

  it('GS9 notices a statement that is not a summary', async () => {
    await setup.attest();
    const { mediaType, digest, size } = setup.root;
    await packArtifact(setup.repository, {
      artifactType: statementMediaType,
      subject: { mediaType, digest, size },
      layers: [{ mediaType: statementMediaType, content: utf8('{}') }],
    });
    expect(pathOf(await setup.decide())).toEqual(whole('attached after'));
  });

  it('GS9 evidence that was not signed may be signed later', async () => {
    const [platform] = setup.platforms as [Descriptor];
    const unsigned = await setup.attach(platform, scanType, report(['CVE-2026-1'], 'late'), null);
    await setup.attest();
    await sign(setup.repository, unsigned, { signer: setup.scanner.signer });
    expect(pathOf(await setup.decide())[0]).toBe('DENY');
  });

  it('GS9 an artifact with one document that never counts, and one whose signer may sign later', async () => {
    const policy = summaryPolicy({ sbom: { signedBy: ['build', 'scanner'] } });
    const { mediaType, digest, size } = setup.platforms[0] as Descriptor;
    const { descriptor } = await packArtifact(setup.repository, {
      artifactType: 'application/json',
      subject: { mediaType, digest, size },
      layers: [{ any: 1 }, report(['CVE-2026-1'], 'late')].map((document) => ({
        mediaType: 'application/json',
        content: utf8(JSON.stringify(document)),
      })),
    });
    await sign(setup.repository, descriptor, { signer: setup.build.signer });
    const { evidence } = await setup.decide({ policy });
    const codes = evidence.ignored.filter(({ manifest }) => manifest === descriptor.digest).map(({ code }) => code);
    expect(codes.sort()).toEqual(['EVIDENCE_UNRECOGNISED', 'EVIDENCE_UNTRUSTED']);
    await setup.attest({ policy });
    await sign(setup.repository, descriptor, { signer: setup.scanner.signer });
    expect(pathOf(await setup.decide({ policy }))[0]).toBe('DENY');
  });

  it('GS9 evidence of a class without rules is known, and a signature is not evidence', async () => {
    await setup.attach(setup.root, 'application/vnd.openvex+json', { any: 1 }, null);
    await setup.attest();
    await sign(setup.repository, setup.root, { signer: setup.scanner.signer });
    expect(pathOf(await setup.decide())).toEqual(bySummary);
  });

  it.each(['build', 'scanner'])('GS10 %s, who signed what the summary rests on, is revoked', async (name) => {
    const statuses = new Map<string, 'revoked' | 'unavailable'>();
    const trust = { ...setup.trust({ level: 'strict' }), revocation: revocationOf(statuses) };
    await setup.attest({ trust });
    for (const status of ['unavailable', 'revoked'] as const) {
      statuses.set(name, status);
      const [verdict, , reason] = pathOf(await setup.decide({ trust }));
      expect([verdict, reason]).toEqual(['DENY', expect.stringContaining('is revoked, or')]);
    }
  });

  it('GS10 a checker that returns no status, or fails, has not checked', async () => {
    const revocation = revocationOf();
    const trust = { ...setup.trust({ level: 'strict', override: { revocation: 'log' } }), revocation };
    await setup.attest({ trust });
    expect(pathOf(await setup.decide({ trust }))).toEqual(bySummary);
    const failing = async (): Promise<never> => {
      throw new Error('down');
    };
    /** What is said last of a certificate does not undo what was said before. */
    const twice: typeof revocation.check = async (chain, options) => {
      const statuses = await revocation.check(chain, options);
      return [...statuses.map((one) => ({ ...one, status: 'revoked' as const })), ...statuses];
    };
    for (const check of [async () => [], failing, twice]) {
      const silent = { ...trust, revocation: { identity: 'lab', check } };
      expect(pathOf(await setup.decide({ trust: silent }))).toEqual(whole('is revoked, or'));
    }
  });
});

describe('what cannot be read', () => {
  it('GS11 too many summaries: falls back to the evidence', async () => {
    await setup.attest();
    const statement = await setup.statement();
    for (let i = 0; i < 16; i++) await setup.forge(statement, { signer: null, padding: i });
    expect(pathOf(await setup.decide())).toEqual(whole('more than 16 summaries'));
  });

  it('GS11 summaries that are too old cost a manifest, and do not count', async () => {
    await setup.attest();
    const statement = await setup.statement();
    const created = new Date(Date.now() - 2 * hour);
    for (let i = 0; i < 20; i++) await setup.forge(statement, { signer: null, padding: i, created });
    expect(pathOf(await setup.decide())).toEqual(bySummary);
  });

  it('GS11 a long list and a large statement: falls back to the evidence', async () => {
    const policy = summaryPolicy({ limits: { referrers: 2 } });
    await setup.attest({ policy });
    expect(pathOf(await setup.decide({ policy }))).toEqual(bySummary);
    await setup.forge(await setup.statement({ policy }), { padding: 1024 * 1024 });
    expect(pathOf(await setup.decide({ policy }))).toEqual(whole('larger than'));
    await setup.forge(await setup.statement({ policy }), { signer: null });
    expect(pathOf(await setup.decide({ policy }))[2]).toContain('more than 2 artifacts');
  });

  it('GS11 a summary that cannot be fetched: falls back to the evidence', async () => {
    const summary = await setup.attest();
    const failing: Repository = {
      ...setup.repository,
      fetch(descriptor, options) {
        if (descriptor.digest === summary.digest) throw new OciError('ERR_OCI_INVALID', 'not now');
        return setup.repository.fetch(descriptor, options);
      },
    };
    expect((await setup.decide({}, setup.root, failing)).proof?.by).not.toBe('summary');
  });
});

describe('what a summary is made of', () => {
  it('GS12 makes no summary of a summary', async () => {
    await setup.attest();
    const decision = await setup.decide();
    const options = { verifierId: 'https://gate.test', resourceUri: 'x' };
    expect(() => buildVsa(decision, options)).toThrow(expect.objectContaining({ code: 'ERR_GATE_EVIDENCE' }));
    // Made anew where a good one is attached, it is of the evidence.
    expect((await setup.statement()).predicate['inputAttestations']).toHaveLength(9);
  });

  it('GS12 no decision without a signature of its summary', async () => {
    await setup.attest();
    const { proof, ...rest } = (await setup.decide()) as GateDecision & { readonly verdict: 'ALLOW' };
    for (const change of [{ signatures: [] }, { platforms: proof.platforms.slice(1) }])
      expect(() => checkAllowed({ ...rest, proof: { ...proof, ...change } } as never)).toThrow();
  });

  it('GS13 not of an image that would be denied under the name that it gets', async () => {
    const rules = [
      {
        name: 'r',
        identity: '1',
        evaluate: ({ image }: { image: { reference?: string } }) =>
          image.reference?.startsWith('production.test') ? [{ code: 'x-r/no' as const, message: 'not there' }] : [],
      },
    ];
    const target = memoryRepository('production.test/app');
    const options = {
      ...setup.options,
      trust: inScope(setup),
      rules,
      reference: setup.root,
      tag: 'v1',
      signer: setup.verifier.signer,
    };
    await promote(setup.repository, target, options);
    expect((await setup.decide({ rules }, setup.root, target)).verdict).toBe('DENY');
    expect(pathOf(await setup.decide({ rules }))[0]).toBe('ALLOW');
  });

  it('GS6 a decision that time ends makes a summary that ends before', async () => {
    const policy = summaryPolicy({
      scan: { signedBy: ['scanner'], maxAge: '30m', requireCoverage: [], block: { severityAtOrAbove: 'high' } },
    });
    const statement = await setup.statement({ policy });
    const until = Date.parse(String(own(statement)['validUntil']));
    expect(until - Date.now()).toBeGreaterThan(hour / 4);
    expect(until - Date.now()).toBeLessThanOrEqual(hour / 2 + 300_000);
  });
});
