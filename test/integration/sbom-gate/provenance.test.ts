import { openGraph } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeBytes, mediaTypes } from '@notarykit/oci';
import {
  decide,
  explainDecision,
  type GateDecision,
  type GateRequest,
  parseGatePolicy,
  readDocumentBytes,
} from '@notarykit/sbom-gate';
import { collectEvidence } from 'notarykit';
import { describe, expect, it } from 'vitest';
import { createGateLab, deniedFor, type GateLab, labNow, policyOf, pushManifest, requestOf } from './gate-lab.ts';

const base = `sha256:${'b'.repeat(64)}` as const;
const frontend = `sha256:${'f'.repeat(64)}` as const;
const commit = '0123456789abcdef0123456789abcdef01234567';
const buildKitType = 'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md';
const repository = 'https://git.wabbit.example/net-monitor';

const hex = (digest: string): string => digest.slice(digest.indexOf(':') + 1);
const images = [
  { uri: 'pkg:docker/docker/dockerfile@1', digest: { sha256: hex(frontend) } },
  { uri: 'pkg:docker/alpine@3.20?platform=linux%2Famd64', digest: { sha256: hex(base) } },
];

type Predicate = Readonly<Record<string, unknown>>;

/** The shape in which BuildKit writes v1, for a build from a remote repository. */
const buildKit = (more: Predicate = {}, definition: Predicate = {}): Predicate => ({
  buildDefinition: {
    buildType: buildKitType,
    externalParameters: {
      configSource: { uri: `${repository}.git#refs/heads/main`, digest: { sha1: commit }, path: 'Dockerfile' },
      request: { frontend: 'dockerfile.v0', args: {}, locals: [] },
    },
    internalParameters: { builderPlatform: 'linux/amd64' },
    resolvedDependencies: [...images, { uri: `${repository}.git#refs/heads/main`, digest: { sha1: commit } }],
    ...definition,
  },
  runDetails: {
    builder: { id: 'https://builds.wabbit.example/runs/7' },
    metadata: {
      invocationID: 'x1',
      startedOn: '2026-11-20T10:00:00Z',
      buildkit_completeness: { request: true, resolvedDependencies: true },
    },
  },
  ...more,
});

/** The shape in which BuildKit writes v0.2, for a build from a local folder. */
const local02 = (more: Predicate = {}): Predicate => ({
  builder: { id: '' },
  buildType: 'https://mobyproject.org/buildkit@v1',
  materials: images,
  invocation: { configSource: { entryPoint: 'Dockerfile' }, parameters: { frontend: 'dockerfile.v0' } },
  metadata: {
    buildInvocationID: 'x2',
    completeness: { parameters: true, environment: true, materials: false },
    reproducible: false,
  },
  ...more,
});

/** The shape in which GitHub writes v1. */
const github = (ref = 'refs/tags/v1'): Predicate => ({
  buildDefinition: {
    buildType: 'https://actions.github.io/buildtypes/workflow/v1',
    externalParameters: { workflow: { ref, repository, path: '.github/workflows/release.yml' } },
    resolvedDependencies: [{ uri: `git+${repository}@${ref}`, digest: { gitCommit: commit } }],
  },
  runDetails: { builder: { id: 'https://github.com/actions/runner/github-hosted' } },
});

/** The shape in which Tekton writes v0.2. */
const tekton = (source = `git+${repository}.git`): Predicate => ({
  builder: { id: 'https://tekton.dev/chains/v2' },
  buildType: 'tekton.dev/v1beta1/TaskRun',
  invocation: { configSource: { uri: 'https://git.tekton.example/catalog.git', digest: { sha1: commit } } },
  materials: [
    { uri: 'oci://registry.test/kaniko', digest: { sha256: hex(base) } },
    { uri: 'git+https://git.tekton.example/catalog.git', digest: { sha1: commit } },
    { uri: source, digest: { sha1: commit } },
  ],
  metadata: { completeness: { parameters: false, environment: false, materials: false } },
});

interface StatementOptions {
  readonly version?: string;
  readonly subjects?: readonly string[];
}

const statement = (predicate: unknown, { version = 'v1', subjects = [] }: StatementOptions = {}): string =>
  JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: subjects.map((digest) => ({ name: 'app', digest: { sha256: hex(digest) } })),
    predicateType: `https://slsa.dev/provenance/${version}`,
    predicate,
  });

const inToto = 'application/vnd.in-toto+json';

async function judge(
  rules: object,
  document: string | undefined,
  options: Partial<GateRequest> & { readonly signedBy?: string | null } = {},
): Promise<GateDecision> {
  const lab = await createGateLab();
  const layerAnnotations = { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v1' };
  const signed = options.signedBy === undefined ? {} : { signedBy: options.signedBy };
  if (document !== undefined) await lab.attach(inToto, document, { ...signed, layerAnnotations });
  return await decideIn(lab, lab.image, rules, options);
}

async function decideIn(
  lab: GateLab,
  image: Descriptor,
  rules: object,
  { baseImages }: Partial<GateRequest> = {},
): Promise<GateDecision> {
  const policy = parseGatePolicy(JSON.stringify(policyOf({ provenance: { signedBy: ['build'], ...rules } })));
  const evidence = await collectEvidence(openGraph(lab.repository), image, { policy, verify: lab.verify });
  return decide(evidence, { ...requestOf(policy), ...(baseImages && { baseImages }) }, labNow);
}

describe('provenance in the gate', () => {
  it('allows an image whose builder, source and materials the policy names, and its proof names the provenance', async () => {
    const rules = {
      builders: ['https://builds.wabbit.example/runs/*'],
      buildTypes: [buildKitType],
      sources: [{ repository: 'https://git.wabbit.example/*', refs: ['refs/heads/main'], revisions: [commit] }],
      materials: { allow: ['pkg:docker/*', 'https://git.wabbit.example/*'], incomplete: 'deny' },
      baseImages: 'verified',
    };
    const decision = await judge(rules, statement(buildKit()), { baseImages: [base, frontend] });
    expect(deniedFor(decision)).toEqual([]);
    expect(decision.verdict).toBe('ALLOW');
    expect(decision.proof).toMatchObject({ platforms: [{ used: { provenance: [{ format: 'slsa-1' }] } }] });
    expect(explainDecision(decision)).toContain('provenance slsa-1 1 sha256:');
  });

  it('PROVENANCE_MISSING no provenance, one without a permitted signer, and one of a format that is not accepted deny', async () => {
    const none = await judge({}, undefined);
    const unsigned = await judge({}, statement(buildKit()), { signedBy: null });
    const other = await judge({}, statement(buildKit()), { signedBy: 'scanner' });
    const format = await judge({ formats: ['slsa-0.2'] }, statement(buildKit()));
    for (const decision of [none, unsigned, other, format])
      expect([decision.verdict, deniedFor(decision)]).toEqual(['DENY', ['PROVENANCE_MISSING']]);
  });

  it.each([
    ['BuildKit 0.2', local02(), 'v0.2', { complete: 'no', sources: [] }],
    [
      'BuildKit 1',
      buildKit(),
      'v1',
      { complete: 'yes', sources: [{ repository, ref: 'refs/heads/main', revisions: [commit] }] },
    ],
    [
      'GitHub',
      github(),
      'v1',
      { complete: 'unknown', sources: [{ repository, ref: 'refs/tags/v1', revisions: [commit] }] },
    ],
    [
      'Tekton',
      tekton(),
      'v0.2',
      {
        builder: 'https://tekton.dev/chains/v2',
        sources: [
          { repository: 'https://git.tekton.example/catalog' },
          { repository: 'https://git.tekton.example/catalog' },
          { repository, revisions: [commit] },
        ],
      },
    ],
  ])('reads what %s writes', (_, predicate, version, expected) => {
    const limits = { items: 1000, depth: 64, documentBytes: 1_000_000 };
    const read = readDocumentBytes(utf8(statement(predicate, { version })), { limits });
    expect(read).toMatchObject({ content: { class: 'provenance', ...expected } });
  });

  it.each<[string, object, Predicate, string]>([
    ['PROVENANCE_BUILDER', { builders: ['https://other.example/*'] }, buildKit(), 'v1'],
    ['PROVENANCE_BUILDER', { builders: ['*'] }, local02(), 'v0.2'],
    ['PROVENANCE_BUILD_TYPE', { buildTypes: ['https://mobyproject.org/*'] }, buildKit(), 'v1'],
    ['PROVENANCE_SOURCE', { sources: [{ repository: 'https://git.wabbit.example/other' }] }, buildKit(), 'v1'],
    ['PROVENANCE_SOURCE', { sources: [{ repository, refs: ['refs/tags/*'] }] }, buildKit(), 'v1'],
    ['PROVENANCE_SOURCE', { sources: [{ repository, revisions: ['1'.repeat(40)] }] }, buildKit(), 'v1'],
    // A build of local files states no source, whatever hints its client gives.
    [
      'PROVENANCE_SOURCE',
      { sources: [{ repository: 'https://*/*' }] },
      local02({ metadata: { 'https://mobyproject.org/buildkit@v1#metadata': { vcs: { source: repository } } } }),
      'v0.2',
    ],
    // Beside a permitted source another one is not.
    ['PROVENANCE_SOURCE', { sources: [{ repository }] }, tekton(), 'v0.2'],
    [
      'PROVENANCE_SOURCE',
      { sources: [{ repository: 'https://git.wabbit.example/*' }, { repository: 'https://git.tekton.example/*' }] },
      tekton('git+https://git.wabbit.example@evil.example/net-monitor.git'),
      'v0.2',
    ],
    [
      'PROVENANCE_SOURCE',
      { sources: [{ repository: 'https://git.wabbit.example/public/*' }] },
      { ...github(), ...withSource('https://git.wabbit.example/public/../secret') },
      'v1',
    ],
    ['PROVENANCE_MATERIAL', { materials: { block: ['pkg:docker/alpine@*'] } }, buildKit(), 'v1'],
    ['PROVENANCE_MATERIAL', { materials: { allow: ['pkg:docker/*'] } }, buildKit(), 'v1'],
    ['PROVENANCE_MATERIAL_UNPINNED', { materials: {} }, local02({ materials: [{ uri: 'pkg:docker/a@1' }] }), 'v0.2'],
    ['PROVENANCE_MATERIALS_MISSING', { materials: {} }, local02({ materials: [] }), 'v0.2'],
    ['PROVENANCE_MATERIALS_INCOMPLETE', { materials: { incomplete: 'deny' } }, local02(), 'v0.2'],
    ['PROVENANCE_MATERIALS_INCOMPLETE', { materials: { incomplete: 'deny' } }, github(), 'v1'],
    ['PROVENANCE_UNREADABLE', {}, buildKit(), 'v0.1'],
    ['PROVENANCE_UNREADABLE', {}, { ...buildKit(), buildDefinition: 'none' }, 'v1'],
  ])('%s denies (%j)', async (code, rules, predicate, version) => {
    const decision = await judge(rules, statement(predicate, { version }));
    expect(deniedFor(decision)).toEqual([code]);
    expect(explainDecision(decision)).toMatch(/to do: (?!undefined)/);
  });

  it('PROVENANCE_REVISION a source without a revision is permitted by no rule', async () => {
    const config = (digest: object) => ({
      externalParameters: { configSource: { uri: `${repository}.git#refs/heads/main`, digest } },
      resolvedDependencies: images,
    });
    const rules = { sources: [{ repository }] };
    expect((await judge(rules, statement(buildKit({}, config({ sha1: commit }))))).verdict).toBe('ALLOW');
    for (const digest of [{}, { sha1: 'main' }])
      expect(deniedFor(await judge(rules, statement(buildKit({}, config(digest)))))).toEqual(['PROVENANCE_SOURCE']);
  });

  it('PROVENANCE_BASE_IMAGE every image that the build used must have been verified', async () => {
    const rules = { baseImages: 'verified' };
    const document = statement(buildKit());
    for (const baseImages of [[], [base], [frontend]])
      expect(deniedFor(await judge(rules, document, { baseImages }))).toEqual(['PROVENANCE_BASE_IMAGE']);
    expect((await judge(rules, document, { baseImages: [base, frontend] })).verdict).toBe('ALLOW');
    // No image at all, one without a digest, one whose name and digest differ, and one whose name looks like a repository of sources.
    const odd = [
      [images[1], { uri: 'oci://registry.test/base.git', digest: { sha256: '1'.repeat(64) } }],
      [],
      [{ uri: 'pkg:docker/alpine@3.20' }],
      [{ uri: `registry.test/base@sha256:${'1'.repeat(64)}`, digest: { sha256: hex(base) } }],
    ];
    for (const materials of odd)
      expect(
        deniedFor(await judge(rules, statement(local02({ materials }), { version: 'v0.2' }), { baseImages: [base] })),
      ).toEqual(['PROVENANCE_BASE_IMAGE']);
  });

  it('a second statement of a permitted signer does not cancel a finding', async () => {
    const lab = await createGateLab();
    await lab.attach(inToto, statement(buildKit()));
    await lab.attach(inToto, statement(github()));
    expect(deniedFor(await decideIn(lab, lab.image, { buildTypes: [buildKitType] }))).toEqual([
      'PROVENANCE_BUILD_TYPE',
    ]);
  });

  it('PROVENANCE_SUBJECT a statement about another image counts as absent, one about several is about each', async () => {
    const lab = await createGateLab();
    const other = `sha256:${'9'.repeat(64)}`;
    await lab.attach(inToto, statement(buildKit(), { subjects: [other] }));
    const aside = await decideIn(lab, lab.image, {});
    expect(deniedFor(aside)).toEqual(['PROVENANCE_MISSING']);
    expect(aside.outcomes.map(({ code }) => code)).toContain('PROVENANCE_SUBJECT_MISMATCH');
    await lab.attach(inToto, statement(buildKit(), { subjects: [other, lab.image.digest] }));
    expect((await decideIn(lab, lab.image, {})).verdict).toBe('ALLOW');
    const strict = await createGateLab();
    await strict.attach(inToto, statement(buildKit()));
    expect(deniedFor(await decideIn(strict, strict.image, { binding: 'subject-and-document' }))).toEqual([
      'PROVENANCE_SUBJECT_UNSTATED',
    ]);
  });
});

/** BuildKit writes attestation manifests as images or, from 0.31 on, as artifacts that have the image as their subject. */
type AttestationForm = 'image' | 'artifact';
const artifactType = 'application/vnd.docker.attestation.manifest.v1+json';

/** An index as buildx writes it: two images, each with an attestation manifest that holds an SBOM and provenance. */
async function writeIndex(
  form: AttestationForm,
  signIndex: string,
  of: (digest: string, i: number) => readonly string[],
) {
  const lab = await createGateLab();
  const put = async (mediaType: string, text: string, more: object = {}): Promise<Descriptor> => {
    const descriptor = describeBytes(mediaType, utf8(text));
    await lab.repository.push(descriptor, utf8(text));
    return { ...descriptor, ...more };
  };
  const config = await put(mediaTypes.imageConfig, JSON.stringify({ os: 'linux', architecture: 'arm64' }));
  const built = [lab.image, await pushManifest(lab.repository, { config, layers: [] })];
  const entries: object[] = built.map((one, i) => ({
    ...one,
    platform: { os: 'linux', architecture: i === 0 ? 'amd64' : 'arm64' },
  }));
  const attestations: Descriptor[] = [];
  for (const [i, { mediaType, digest, size }] of built.entries()) {
    const unknown = await put(mediaTypes.imageConfig, JSON.stringify({ os: 'unknown', architecture: 'unknown' }));
    const empty = await put(mediaTypes.empty, '{}', { data: 'e30=' });
    const members =
      form === 'image' ? { config: unknown } : { config: empty, artifactType, subject: { mediaType, digest, size } };
    const layers = await Promise.all(
      of(digest, i).map((text) =>
        put(inToto, text, {
          annotations: { 'in-toto.io/predicate-type': (JSON.parse(text) as { predicateType: string }).predicateType },
        }),
      ),
    );
    const attestation = await pushManifest(lab.repository, { ...members, layers });
    attestations.push(attestation);
    entries.push({
      ...attestation,
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': digest },
    });
  }
  const index = await put(
    mediaTypes.imageIndex,
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: entries }),
  );
  lab.sign(index, 'build');
  if (signIndex !== 'build') lab.sign(index, signIndex);
  return { lab, index, built, attestations };
}

describe.each<AttestationForm>(['image', 'artifact'])('provenance beside the images of an index, as an %s', (form) => {
  const buildxIndex = (signIndex: string, of: (digest: string, i: number) => readonly string[]) =>
    writeIndex(form, signIndex, of);
  const spdx = JSON.stringify({
    _type: 'https://in-toto.io/Statement/v0.1',
    subject: [],
    predicateType: 'https://spdx.dev/Document',
    predicate: { spdxVersion: 'SPDX-2.3', packages: [] },
  });
  const both = (digest: string): readonly string[] => [spdx, statement(buildKit(), { subjects: [digest] })];

  it('counts through the signature of the index, whose signer must be permitted for provenance', async () => {
    const permitted = await buildxIndex('build', both);
    expect((await decideIn(permitted.lab, permitted.index, {})).verdict).toBe('ALLOW');
    const other = await buildxIndex('build', both);
    const decision = await decideIn(other.lab, other.index, { signedBy: ['security'] });
    expect(deniedFor(decision)).toEqual(['PROVENANCE_MISSING']);
    expect(decision.evidence.ignored.map(({ code }) => code)).toContain('EVIDENCE_UNTRUSTED');
  });

  it('PROVENANCE_ONCE is one document, also where its manifest is a referrer and has a signature of its own', async () => {
    const { lab, index, attestations } = await buildxIndex('build', both);
    const manifests = attestations.map(({ digest }) => digest).sort();
    const listed = await decideIn(lab, index, {});
    expect(listed.evidence.ignored.map(({ manifest }) => manifest)).toEqual(manifests);
    expect(listed.evidence.ignored.map(({ code }) => code)).not.toContain('EVIDENCE_UNSIGNED');
    for (const one of attestations) lab.sign(one, 'build');
    const signed = await decideIn(lab, index, {});
    expect(signed.evidence.used.map(({ manifest }) => manifest)).toEqual(manifests);
    expect(signed.evidence).toEqual(listed.evidence);
  });

  it('is asked for every platform', async () => {
    const { lab, index } = await buildxIndex('build', (digest, i) => (i === 0 ? both(digest) : [spdx]));
    const decision = await decideIn(lab, index, {});
    expect(decision.outcomes.filter(({ level }) => level === 'deny')).toMatchObject([
      { code: 'PROVENANCE_MISSING', platform: 'linux/arm64' },
    ]);
  });

  it('of a sibling counts for no other platform, and one statement on the index for all', async () => {
    const swapped = await buildxIndex('build', () => [spdx]);
    const [amd64, arm64] = swapped.built.map(({ digest }) => digest) as [string, string];
    await swapped.lab.attach(inToto, statement(buildKit(), { subjects: [amd64] }), { subject: swapped.index });
    expect(
      (await decideIn(swapped.lab, swapped.index, {})).outcomes.filter(({ level }) => level === 'deny'),
    ).toMatchObject([{ code: 'PROVENANCE_MISSING', platform: 'linux/arm64' }]);
    const whole = await buildxIndex('build', () => [spdx]);
    const document = statement(buildKit(), { subjects: [whole.index.digest] });
    await whole.lab.attach(inToto, document, { subject: whole.index });
    expect((await decideIn(whole.lab, whole.index, {})).verdict).toBe('ALLOW');
    const listed = await buildxIndex('build', () => [spdx]);
    await listed.lab.attach(inToto, statement(buildKit(), { subjects: [amd64, arm64] }), { subject: listed.index });
    expect((await decideIn(listed.lab, listed.index, {})).verdict).toBe('ALLOW');
  });
});

function withSource(source: string): Predicate {
  return {
    buildDefinition: {
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      externalParameters: { workflow: { ref: 'refs/heads/main', repository: source, path: 'a.yml' } },
      resolvedDependencies: [{ uri: `git+${source}@refs/heads/main`, digest: { gitCommit: commit } }],
    },
  };
}
