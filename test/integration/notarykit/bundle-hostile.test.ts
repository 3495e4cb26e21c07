import { packArtifact } from '@notarykit/artifact-graph';
import { readBytes, utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { type Descriptor, describe as describeBytes } from '@notarykit/oci';
import { createAuthority, createAuthorityServices } from '@notarykit/testing';
import { createBundle, readBundle, sign } from 'notarykit';
import { beforeAll, describe, expect, it } from 'vitest';
import { blobName, forge, type Insides, openFiles, sealFiles } from '../../support/bundle/forge.js';
import {
  type BundleCase,
  type BundleLab,
  createBundleCase,
  createBundleLab,
  trustOf,
} from '../../support/bundle/lab.js';

let lab: BundleLab;
let trust: BundleCase['trust'];
let bundle: Uint8Array;
let codeOf: BundleCase['codeOf'];
beforeAll(async () => {
  ({ lab, trust, bundle, codeOf } = await createBundleCase());
});

/** What a certificate's own responder would say of it, by somebody else. */
async function answerOf(setup: Pick<BundleLab, 'services'>, leafOf: BundleLab): Promise<Uint8Array> {
  const made = await createBundle(
    { repository: leafOf.repository, reference: 'v1' },
    { ...trustOf(leafOf, leafOf.repository.name), revocation: { fetch: setup.services.fetch } },
  );
  return made.evidence[0]?.answer ?? new Uint8Array();
}

/** Puts other bytes in the place of the first answer; digests fit. */
const swapAnswer = (answer: Uint8Array) =>
  forge(bundle, ({ document, layers }, files) => {
    const described = describeBytes('application/ocsp-response', answer);
    for (const entry of document.evidence) entry.digest = described.digest;
    layers.push(described);
    files.set(blobName(described), answer);
  });

describe('evidence in a bundle', () => {
  it('R19 counts if it is valid', async () => {
    expect(await codeOf(await forge(bundle, () => undefined))).toBe('verified');
  });

  it('R19 about another certificate does not count', async () => {
    const other = await createBundleLab();
    expect(await codeOf(await swapAnswer(await answerOf(other, other)))).toBe('ERR_TRUST_NOT_VERIFIED');
    const twin = await forge(bundle, ({ document }) => {
      for (const entry of document.evidence) entry.certId = `${entry.certId?.slice(0, -2)}00`;
    });
    expect(await codeOf(twin)).toBe('ERR_TRUST_NOT_VERIFIED');
  });

  it('R19 that its authority did not sign does not count', async () => {
    const { evidence } = await readBundle(bundle);
    const forged = new Uint8Array(evidence[0]?.answer ?? []);
    // The last byte belongs to the signature.
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    expect(await codeOf(await swapAnswer(forged))).toBe('ERR_TRUST_NOT_VERIFIED');
    expect(await codeOf(await swapAnswer(utf8('good')))).toBe('ERR_TRUST_NOT_VERIFIED');
  });

  it('R19 a CRL of another authority does not count', async () => {
    const issued = await lab.authority.issueLeaf({ crlUrls: [lab.services.crlUrl(lab.base)] });
    const { repository } = lab;
    const { descriptor } = await packArtifact(repository, { artifactType: 'application/vnd.crl', layers: [] });
    await sign(repository, descriptor, { ...lab.signing, signer: issued.signer });
    const input = { repository, reference: descriptor.digest };
    const good = await createBundle(input, { ...trust, revocation: { fetch: lab.services.fetch } });
    const bytes = await good.bytes();
    expect(good.evidence.map(({ method }) => method)).toContain('crl');
    expect(await codeOf(bytes)).toBe('verified');
    const stranger = createAuthorityServices(await createAuthority());
    const { body } = await stranger.fetch(stranger.crlUrl(lab.base), {});
    const crl = await readBytes(body ?? streamOf(new Uint8Array(0)), { limit: 65_536 });
    const forged = await forge(bytes, ({ document, layers }, files) => {
      const described = describeBytes('application/pkix-crl', crl);
      for (const entry of document.evidence) if (entry.method === 'crl') entry.digest = described.digest;
      layers.push(described);
      files.set(blobName(described), crl);
    });
    expect(await codeOf(forged)).toBe('ERR_TRUST_NOT_VERIFIED');
  });

  it('R9 missing evidence is not an answer', async () => {
    const silent = await forge(bundle, ({ document }) => {
      document.evidence.length = 0;
    });
    expect(await codeOf(silent)).toBe('ERR_TRUST_NOT_VERIFIED');
  });
});

describe('content that a bundle names but lacks', () => {
  const without = async (pick: (insides: Insides) => Pick<Descriptor, 'digest'>): Promise<Uint8Array> =>
    forge(bundle, (insides, files) => files.delete(blobName(pick(insides))));

  it.each([
    ['an answer', ({ document }: Insides) => document.evidence[0], 'ERR_NOTARYKIT_BUNDLE PART_MISSING'],
    ['the artifact', ({ document }: Insides) => document.artifacts[0], 'ERR_NOTARYKIT_BUNDLE PART_MISSING'],
    ['a referrer', ({ document }: Insides) => document.artifacts[0].referrers[0], 'ERR_NOTARYKIT_BUNDLE PART_MISSING'],
  ])('%s', async (_, pick, code) => {
    expect(await codeOf(await without(pick))).toBe(code);
  });

  it('a layer that was promised', async () => {
    const files = await openFiles(bundle);
    const artifact = JSON.parse(new TextDecoder().decode(files.get(blobName(lab.artifact))));
    files.delete(blobName(artifact.layers[0]));
    expect(await codeOf(sealFiles(files))).toBe('ERR_NOTARYKIT_BUNDLE PART_MISSING');
  });

  it('an answer that no part holds', async () => {
    const pointing = await forge(bundle, ({ document }) => {
      document.evidence[0].digest = `sha256:${'0'.repeat(64)}`;
    });
    expect(await codeOf(pointing)).toBe('ERR_NOTARYKIT_BUNDLE PART_MISSING');
  });

  it('the signatures', async () => {
    const files = await openFiles(bundle);
    for (const [name, bytes] of files)
      if (name.startsWith('blobs/') && new TextDecoder().decode(bytes).startsWith('{"payload"')) files.delete(name);
    expect(await codeOf(sealFiles(files))).toBe('ERR_TRUST_NOT_VERIFIED');
  });
});

describe('names in a bundle are claims', () => {
  it('P6 a referrer of another artifact does not count for this one', async () => {
    const other = await forge(bundle, ({ document }) => {
      const [artifact] = document.artifacts;
      const [sbom] = artifact.referrers;
      document.artifacts = [{ ...artifact, ...sbom, referrers: [sbom] }];
    });
    expect(await codeOf(other)).toBe('ERR_NOTARYKIT_BUNDLE MALFORMED');
  });

  it('I3 the statement is that of the name, and expect pins the name', async () => {
    const renamed = await forge(bundle, ({ document }) => {
      document.artifacts[0].repository = 'lax.test/app';
    });
    expect(await codeOf(renamed)).toBe('ERR_TRUST_NO_STATEMENT');
    const { name } = lab.repository;
    expect(await codeOf(renamed, { expect: [name] })).toBe('ERR_NOTARYKIT_BUNDLE ARTIFACT_MISSING');
    for (const fitting of [name, `${name}:v1`, `${name}@${lab.artifact.digest}`])
      expect(await codeOf(bundle, { expect: [fitting] })).toBe('verified');
    for (const other of [`${name}:v2`, `${name}@sha256:${'0'.repeat(64)}`, `${name}s`])
      expect(await codeOf(bundle, { expect: [other] })).toBe('ERR_NOTARYKIT_BUNDLE ARTIFACT_MISSING');
    expect(await codeOf(bundle, { expect: [] })).toBe('ERR_NOTARYKIT_BUNDLE ARTIFACT_UNEXPECTED');
    expect(await codeOf(bundle, { expect: ['net-monitor'] })).toBe('ERR_NOTARYKIT_REFERENCE');
  });

  it('I4 a repository that the policy skips is not trusted', async () => {
    const { name } = lab.repository;
    const skipping = trustOf(lab, name, { level: { level: 'skip' }, trustStores: [] });
    expect(await codeOf(bundle, { ...skipping, otherPolicy: 'accept' })).toBe('ERR_NOTARYKIT_BUNDLE NOTHING_VERIFIED');
  });

  it('another policy is refused, or used in place of the recorded one with "otherPolicy"', async () => {
    const other = trustOf(lab, '*');
    expect(await codeOf(bundle, other)).toBe('ERR_NOTARYKIT_BUNDLE POLICY_DIFFERS');
    expect(await codeOf(bundle, { ...other, otherPolicy: 'accept' })).toBe('verified');
    const claimed = await forge(bundle, ({ document }) => {
      document.policy = other.policy.digest;
    });
    expect(await codeOf(claimed)).toBe('ERR_NOTARYKIT_BUNDLE POLICY_DIFFERS');
    // The claim opens nothing: what counts is the policy of whoever verifies.
    const stranger = await createBundleLab();
    const own = { ...other, trustStore: trustOf(stranger, '*').trustStore };
    expect(await codeOf(claimed, own)).toBe('ERR_TRUST_NOT_VERIFIED');
  });
});

describe('the document of a bundle', () => {
  it.each([
    ['another version', (insides: Insides) => Object.assign(insides.document, { version: '2.0' })],
    ['a member more', (insides: Insides) => Object.assign(insides.document, { note: '' })],
    ['no artifacts', (insides: Insides) => Object.assign(insides.document, { artifacts: undefined })],
    ['artifacts that are none', (insides: Insides) => Object.assign(insides.document, { artifacts: ['v1'] })],
    ['a wrong digest', (insides: Insides) => Object.assign(insides.document, { policy: 'sha256:0' })],
    ['content that is text', (insides: Insides) => Object.assign(insides.document, { content: 'true' })],
    ['a repository without host', ({ document }: Insides) => Object.assign(document.artifacts[0], { repository: 'a' })],
    ['a tag that is none', ({ document }: Insides) => Object.assign(document.artifacts[0], { tag: 'a b' })],
    [
      'a blob as artifact',
      ({ document }: Insides) => Object.assign(document.artifacts[0], { mediaType: 'text/plain' }),
    ],
    ['a fractional size', ({ document }: Insides) => Object.assign(document.artifacts[0], { size: 0.5 })],
    [
      'OCSP without a certificate',
      ({ document }: Insides) => Object.assign(document.evidence[0], { certId: undefined }),
    ],
    ['another method', ({ document }: Insides) => Object.assign(document.evidence[0], { method: 'trust me' })],
    ['an artifact twice', ({ document }: Insides) => document.artifacts.push(document.artifacts[0])],
    [
      'a referrer twice',
      ({ document }: Insides) => document.artifacts[0].referrers.push(document.artifacts[0].referrers[0]),
    ],
    ['10,001 answers', ({ document }: Insides) => Object.assign(document, { evidence: Array(10_001).fill({}) })],
    ['1,001 artifacts', ({ document }: Insides) => Object.assign(document, { artifacts: Array(1001).fill({}) })],
  ])('with %s is refused', async (_, change) => {
    expect(await codeOf(await forge(bundle, (insides) => void change(insides)))).toBe('ERR_NOTARYKIT_BUNDLE MALFORMED');
  });

  it.each(['', '[]', 'null', '{"version":"1.0","version":"1.0"}', '\ud800', '['.repeat(100_000)])(
    'that is %.20j is refused',
    async (text) => {
      const code = await codeOf(await forge(bundle, () => new Uint8Array(Buffer.from(text, 'utf16le'))));
      expect(code).toBe('ERR_NOTARYKIT_BUNDLE MALFORMED');
      expect(await codeOf(await forge(bundle, () => utf8(text)))).toBe('ERR_NOTARYKIT_BUNDLE MALFORMED');
    },
  );

  it('under a manifest of something else, or none, is not a bundle', async () => {
    const files = await openFiles(bundle);
    const index = new TextDecoder().decode(files.get('index.json'));
    const untagged = new Map(files).set('index.json', utf8(index.replace('notarykit-bundle', 'else')));
    expect(await codeOf(sealFiles(untagged))).toBe('ERR_NOTARYKIT_BUNDLE MALFORMED');
    const swapped = index.replace('notarykit-bundle', 'else').replace('"v1"', '"notarykit-bundle"');
    expect(await codeOf(sealFiles(new Map(files).set('index.json', utf8(swapped))))).toBe(
      'ERR_NOTARYKIT_BUNDLE MALFORMED',
    );
  });
});
