import { utf8 } from '@notarykit/common';
import {
  checkAllowed,
  decide,
  type EvidenceDocument,
  type GateDecision,
  type GateEvidence,
  type GatePolicy,
  type PlatformEvidence,
  parseGatePolicy,
  readDocumentBytes,
} from '@notarykit/sbom-gate';
import { type EvidenceSignature, isProof, judgeSigners, prove } from '@notarykit/sbom-gate/internal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labNow, policyOf, requestOf } from './gate-lab.ts';
import { signature as accepted, digest } from './judge.ts';

const limits = { documentBytes: 1 << 20, depth: 64, items: 1000 };
const [index, amd64, arm64, windows] = ['1', 'a', 'b', 'c'].map((letter) => digest(letter)) as `sha256:${string}`[];

const signature = (more: Partial<EvidenceSignature> = {}): EvidenceSignature => ({
  ...accepted,
  ...more,
});
const ended = signature({ expiry: new Date('2026-11-24T11:59:59Z') });

const platforms: readonly PlatformEvidence[] = [
  { platform: 'linux/amd64', digest: amd64!, configDigest: digest('d') },
  { platform: 'linux/arm64', digest: arm64!, configDigest: digest('e') },
  { platform: 'windows/amd64', digest: windows!, configDigest: digest('f') },
];

/** A Grype report that states these members of its target. */
const grype = (target: object = {}): string =>
  JSON.stringify({
    matches: [],
    distro: { name: 'debian', version: '12' },
    source: { type: 'image', target },
    descriptor: { name: 'grype', timestamp: '2026-11-24T10:00:00Z', db: { built: '2026-11-24T00:00:00Z' } },
  });
const inventory = (component: object = {}): string =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { component: { type: 'container', name: 'app', ...component } },
    components: [{ type: 'library', name: 'curl', purl: 'pkg:deb/debian/curl@8' }],
  });

function attached(target: string, text: string, more: Partial<EvidenceDocument> = {}): EvidenceDocument {
  const wanted = text.includes('CycloneDX') ? 'sbom' : 'scan';
  return {
    class: wanted,
    target: target as `sha256:${string}`,
    manifest: digest('7'),
    blob: digest('8'),
    signatures: [signature()],
    warnings: [],
    ...readDocumentBytes(utf8(text), { limits, wanted }),
    ...more,
  };
}

function evidenceOf(documents: readonly EvidenceDocument[], more: Partial<GateEvidence> = {}): GateEvidence {
  return {
    image: { digest: index!, signatures: [signature()], untrusted: [] },
    platforms: platforms.slice(0, 2),
    others: [],
    missingPlatforms: [],
    documents,
    ignored: [],
    problems: [],
    ...more,
  };
}

const scanBlock = { signedBy: ['build'], maxAge: '7d', requireCoverage: [], block: { severityAtOrAbove: 'high' } };
const policy = (blocks: object): GatePolicy => parseGatePolicy(JSON.stringify(policyOf(blocks as never)));
const scanPolicy = policy({ scan: scanBlock });
const sbomPolicy = policy({ sbom: { signedBy: ['build'] } });

/** Platforms for which nothing counts. */
function missingIn(evidence: GateEvidence, by: GatePolicy = scanPolicy): readonly (string | undefined)[] {
  const decision = decide(evidence, requestOf(by), labNow);
  const missing = decision.outcomes.filter(({ code }) => code === 'SCAN_MISSING' || code === 'SBOM_MISSING');
  expect(decision.verdict).toBe(missing.length === 0 ? 'ALLOW' : 'DENY');
  return missing.map(({ platform }) => platform);
}

describe('what a document is about', () => {
  const both = ['linux/amd64', 'linux/arm64'];
  test.for([
    ['GP1 nothing attached', [], both],
    ['GP2 its digest, on its manifest', [[amd64, { manifestDigest: amd64 }]], ['linux/arm64']],
    ['GP2 its config, on the index', [[index, { imageID: digest('d') }]], ['linux/arm64']],
    ['GP3 the digest of a sibling on a manifest', [[arm64, { manifestDigest: amd64 }]], both],
    ['GP3 the config of a sibling on a manifest', [[arm64, { imageID: digest('d') }]], both],
    ['GP3 the digest of a sibling beside its own', [[arm64, { repoDigests: [`x@${amd64}`, `x@${arm64}`] }]], both],
    [
      'GP3 the index, and the config of a sibling',
      [[arm64, { repoDigests: [`x@${index}`], imageID: digest('d') }]],
      both,
    ],
    ['GP4 another image', [[amd64, { manifestDigest: digest('9') }]], both],
    [
      'GP4 the index, and the config of another image',
      [[amd64, { repoDigests: [`x@${index}`], imageID: digest('9') }]],
      both,
    ],
    ['GP5 no digest, on its manifest', [[amd64, {}]], ['linux/arm64']],
    ['GP5 another architecture, on a manifest', [[amd64, { architecture: 'arm64' }]], both],
    ['GP5 another system, on a manifest', [[amd64, { os: 'windows', architecture: 'amd64' }]], both],
    ['GP5 another variant, on a manifest', [[arm64, { os: 'linux', architecture: 'arm64', variant: 'v9' }]], both],
    ['GP5 its variant in another spelling', [[arm64, { architecture: 'aarch64', variant: '8' }]], ['linux/amd64']],
    ['GP6 nothing, on the index', [[index, {}]], both],
    ['GP6 the architecture alone, on the index', [[index, { architecture: 'amd64' }]], both],
    ['GP6 the whole platform, on the index', [[index, { os: 'linux', architecture: 'x86_64' }]], ['linux/arm64']],
    [
      'GP6 the index and the whole platform',
      [[index, { repoDigests: [`x@${index}`], os: 'linux', architecture: 'arm64' }]],
      ['linux/amd64'],
    ],
    ['GP6 the index alone', [[index, { repoDigests: [`x@${index}`] }]], both],
  ] as const)('%s', ([, documents, missing]) => {
    const all = documents.map(([target, states]) => attached(target as string, grype(states)));
    expect(missingIn(evidenceOf(all))).toEqual(missing);
  });

  test('GP7 a platform that two manifests have is none that a document could name', () => {
    const twice = [platforms[0]!, { platform: 'linux/amd64', digest: windows! }];
    const document = attached(index!, grype({ os: 'linux', architecture: 'amd64' }));
    expect(missingIn(evidenceOf([document], { platforms: twice }))).toEqual(['linux/amd64', 'linux/amd64']);
  });

  test('GP8 a document about another manifest counts for no manifest of the image', () => {
    const own = attached(amd64!, grype({ repoDigests: [`x@${index}`], manifestDigest: windows }));
    const some = { platforms: platforms.slice(0, 1), others: platforms.slice(1) };
    expect(missingIn(evidenceOf([own], some))).toEqual(['linux/amd64']);
  });

  test('GP9 the subject of an enclosing statement does not count for the document', () => {
    const inside = (predicate: string, subject: string): string =>
      JSON.stringify({
        _type: 'https://in-toto.io/Statement/v1',
        subject: [{ name: 'app', digest: { sha256: subject.slice(7) } }],
        predicateType: 'https://cyclonedx.org/bom',
        predicate: JSON.parse(predicate) as unknown,
      });
    const found = (predicate: string, subject: string): readonly (string | undefined)[] =>
      missingIn(evidenceOf([attached(amd64!, inside(predicate, subject))]), sbomPolicy);
    expect(found(inventory({ version: amd64 }), amd64!)).toEqual(['linux/arm64']);
    expect(found(inventory(), amd64!)).toEqual(['linux/arm64']);
    expect(found(inventory({ version: arm64 }), amd64!)).toEqual(both);
    expect(found(inventory({ version: amd64 }), digest('9'))).toEqual(both);
  });
});

/** Documents that must not count, each for the manifest of linux/amd64. */
const aside: readonly (readonly [string, (base: EvidenceDocument) => EvidenceDocument, object])[] = [
  ['GA1 all signatures ended', (base) => ({ ...base, signatures: [ended] }), {}],
  ['GA2 another image', (base) => withSubject(base, [digest('9')]), {}],
  ['GA3 another platform', (base) => withSubject(base, [arm64!]), {}],
  ['GA4 a format that is not accepted', (base) => base, { formats: ['sarif', 'spdx-2'] }],
  ['GA5 a scanner that is not accepted', (base) => base, { scanners: ['trivy'] }],
];
function withSubject(base: EvidenceDocument, digests: readonly string[]): EvidenceDocument {
  return { ...base, content: { ...base.content!, subject: { digests, names: [] } } };
}

describe('a document that is set aside', () => {
  const one = { platforms: platforms.slice(0, 1), others: platforms.slice(1) };
  const critical = JSON.stringify({
    ...(JSON.parse(grype()) as object),
    matches: [{ vulnerability: { id: 'CVE-1', severity: 'Critical' }, artifact: { name: 'p' } }],
  });

  test.for(aside)('%s: counts as absent', ([name, change, block]) => {
    for (const [text, by] of [
      [critical, policy({ scan: { ...scanBlock, ...('formats' in block ? { formats: ['sarif'] } : block) } })],
      ...('scanners' in block
        ? []
        : [
            [
              inventory(),
              policy({ sbom: { signedBy: ['build'], ...('formats' in block ? { formats: ['spdx-2'] } : {}) } }),
            ] as const,
          ]),
    ] as const) {
      const without = decide(evidenceOf([], one), requestOf(by), labNow);
      const withIt = decide(evidenceOf([change(attached(amd64!, text))], one), requestOf(by), labNow);
      const levels = ({ totals, verdict, counts, evidence }: GateDecision): unknown => [
        verdict,
        totals.deny,
        totals.rescan,
        counts,
        evidence.used,
        evidence.unused,
      ];
      expect([name, ...(levels(withIt) as unknown[])]).toEqual([name, ...(levels(without) as unknown[])]);
      expect(withIt.evidence.ignored).toHaveLength(1);
    }
  });

  test('GA1 an ended VEX document takes nothing away', () => {
    const vex = readDocumentBytes(
      utf8(
        JSON.stringify({
          '@context': 'https://openvex.dev/ns/v0.2.0',
          timestamp: '2026-11-24T09:00:00Z',
          statements: [{ vulnerability: { name: 'CVE-1' }, products: [{ '@id': amd64 }], status: 'not_affected' }],
        }),
      ),
      { limits, wanted: 'vex' },
    );
    const by = policy({ scan: scanBlock, vex: { signedBy: ['build'] } });
    const verdict = (signatures: readonly EvidenceSignature[]): string => {
      const document = { ...attached(amd64!, grype()), class: 'vex', ...vex, signatures } as EvidenceDocument;
      return decide(evidenceOf([attached(amd64!, critical), document], one), requestOf(by), labNow).verdict;
    };
    expect([verdict([signature()]), verdict([ended]), verdict([ended, signature()])]).toEqual([
      'ALLOW',
      'DENY',
      'ALLOW',
    ]);
  });

  test('GA6 one that cannot be read denies', () => {
    const good = attached(amd64!, grype());
    const bad = attached(amd64!, '{"matches":');
    const decision = decide(evidenceOf([good, bad], one), requestOf(scanPolicy), labNow);
    expect([decision.verdict, decision.totals.deny]).toEqual(['DENY', 1]);
  });

  test('every set of documents decides as without those that are set aside', () => {
    const documents = aside.slice(0, 3).map(([, change]) => change(attached(amd64!, critical)));
    const counting = [attached(amd64!, grype()), attached(amd64!, critical), attached(arm64!, grype())];
    fc.assert(
      fc.property(fc.shuffledSubarray(documents), fc.shuffledSubarray(counting), (left, kept) => {
        const verdict = (all: readonly EvidenceDocument[]): string =>
          decide(evidenceOf(all), requestOf(scanPolicy), labNow).verdict;
        expect(verdict([...left, ...kept])).toBe(verdict(kept));
      }),
    );
  });
});

describe('the proof', () => {
  test('GD1 no ALLOW lacks a use of a demanded class for any platform', () => {
    const every = [...platforms.map(({ digest: target }) => target), index!];
    const documents = every.flatMap((target) => [
      attached(target, grype()),
      attached(target, grype({ os: 'linux', architecture: 'amd64' })),
      attached(target, grype({ manifestDigest: arm64 })),
      attached(target, inventory()),
      attached(target, inventory({ version: windows })),
      attached(target, inventory(), { signatures: [ended] }),
    ]);
    const by = policy({ scan: scanBlock, sbom: { signedBy: ['build'] } });
    let allowed = 0;
    fc.assert(
      fc.property(
        fc.shuffledSubarray(documents),
        fc.shuffledSubarray([...platforms], { minLength: 0 }),
        (some, asked) => {
          const decision = decide(evidenceOf(some, { platforms: asked }), requestOf(by), labNow);
          if (decision.verdict !== 'ALLOW') return;
          allowed++;
          expect(decision.proof.platforms.map(({ platform }) => platform)).toEqual(asked);
          if (decision.proof.by !== 'evidence') throw new Error('decided without evidence');
          for (const { used } of decision.proof.platforms)
            expect([used.sbom?.length, used.scan?.length].every((count) => (count ?? 0) > 0)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
    expect(allowed).toBeGreaterThan(10);
  });

  test('GD2 each named scanner must have reported', () => {
    const named = policy({ scan: { ...scanBlock, scanners: ['grype', 'trivy'] } });
    const one = { platforms: platforms.slice(0, 1) };
    expect(missingIn(evidenceOf([attached(amd64!, grype())], one), named)).toEqual(['linux/amd64']);
  });

  test('GD3 no signature and no platform is not proof', () => {
    const bare = policy({});
    for (const more of [{ platforms: [] }, { image: { digest: index!, signatures: [], untrusted: [] } }]) {
      const evidence = evidenceOf([], more);
      expect(isProof(prove(evidence, bare, []))).toBe(false);
      expect(decide(evidence, requestOf(bare), labNow).verdict).toBe('DENY');
    }
  });

  test('GD4 an ALLOW without its proof is refused', () => {
    const decision = decide(evidenceOf([], {}), requestOf(policy({})), labNow);
    expect(checkAllowed(decision)).toBe(decision);
    const forge = (change: object): GateDecision => ({ ...decision, ...change }) as GateDecision;
    const proof = decision.proof!;
    for (const forged of [
      forge({ proof: undefined }),
      forge({ proof: { ...proof, image: [] } }),
      forge({ proof: { ...proof, platforms: proof.platforms.slice(1) } }),
      forge({ verdict: 'DENY', proof: undefined }),
    ])
      expect(() => checkAllowed(forged)).toThrow(expect.objectContaining({ code: 'ERR_GATE_DENIED' }));
  });

  test('GD5 signers that share a key or a subject count once', () => {
    const two = parseGatePolicy(
      JSON.stringify({
        ...(policyOf({}) as object),
        signers: {
          build: { trustPolicy: 'build', minSignatures: 2 },
          scanner: { trustPolicy: 's' },
          security: { trustPolicy: 's' },
        },
      }),
    );
    const found = (...groups: string[]): number =>
      judgeSigners(
        two,
        ['build'],
        new Map([
          ['build', { trusted: true, signatures: groups.map((group, i) => signature({ group, subject: `CN=${i}` })) }],
        ]),
      ).signatures.length;
    expect([found('a'), found('a', 'a'), found('a', 'b')]).toEqual([0, 0, 2]);
    expect(judgeSigners(two, ['build'], new Map()).signatures).toEqual([]);
  });

  test('GD6 only the signatures of a signer that have not expired count', () => {
    const two = parseGatePolicy(
      JSON.stringify({
        ...(policyOf({ scan: scanBlock }) as object),
        signers: { build: { trustPolicy: 'build', minSignatures: 2 } },
      }),
    );
    const verdict = (...signatures: EvidenceSignature[]): string => {
      const documents = [amd64!, arm64!].map((target) => attached(target, grype(), { signatures }));
      return decide(evidenceOf(documents), requestOf(two), labNow).verdict;
    };
    const [own, other] = [signature(), signature({ group: 'other' })];
    expect(verdict(own, other)).toBe('ALLOW');
    expect(verdict(own, { ...other, expiry: ended.expiry! })).toBe('DENY');
    expect(verdict(own, other, { ...other, expiry: ended.expiry! })).toBe('ALLOW');
    expect(verdict(own, { ...own, digest: digest('6') })).toBe('DENY');
  });
});
