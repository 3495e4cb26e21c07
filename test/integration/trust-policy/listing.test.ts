import { utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeContent, mediaTypes, OciError, type Repository } from '@notarykit/oci';
import { buildSignatureManifest, signatureArtifactType } from '@notarykit/signature-envelope';
import { TrustError, type TrustReport } from '@notarykit/trust-policy';
import { verify as verifyReference } from 'notarykit';
import { beforeEach, describe, expect, it } from 'vitest';
import { type VerifyArtifactOptions, verifyArtifactSignatures } from '../../support/verify-artifact.js';
import { createLab, type Lab, policy } from './lab.js';

let lab: Lab;
beforeEach(async () => {
  lab = await createLab();
});

const verify = (options: Partial<VerifyArtifactOptions> = {}, repository: Repository = lab.repository) =>
  verifyArtifactSignatures(repository, lab.artifact, { policy: policy(), trustStore: lab.anchors, ...options });

async function refusal(
  options: Partial<VerifyArtifactOptions> = {},
  repository?: Repository,
): Promise<{ code: string; report: TrustReport }> {
  const error = await verify(options, repository).catch((thrown: unknown) => thrown);
  if (!(error instanceof TrustError) || error.report === undefined) throw new Error(`expected a verdict, got ${error}`);
  return { code: error.code, report: error.report };
}

async function push(manifest: object, mediaType: string = mediaTypes.imageManifest): Promise<Descriptor> {
  const bytes = utf8(JSON.stringify(manifest));
  const descriptor = describeContent(mediaType, bytes);
  await lab.repository.push(descriptor, bytes);
  return descriptor;
}

/** A signature manifest with changes. */
async function changed(patch: object): Promise<Descriptor> {
  const { verified } = await lab.sign();
  const built = buildSignatureManifest(lab.artifact, { envelope: verified });
  await lab.repository.push(built.envelope.descriptor, built.envelope.bytes);
  return push({ ...JSON.parse(new TextDecoder().decode(built.bytes)), ...patch });
}

/** The repository, listing these referrers whatever they are. */
function listing(...referrers: Descriptor[]): Repository {
  return {
    ...lab.repository,
    async *referrers() {
      yield* referrers;
    },
  };
}

describe('the signatures of an artifact', () => {
  it('no signature at all', async () => {
    expect(await refusal()).toMatchObject({
      code: 'ERR_TRUST_NO_SIGNATURE',
      report: { verdict: 'refused', fact: { fact: 'noSignature', referrers: 0 }, signatures: [] },
    });
  });

  it('both forms of the manifest, both formats of the envelope', async () => {
    for (const form of ['artifactType', 'legacy'] as const) {
      for (const format of ['jws', 'cose'] as const) {
        lab = await createLab();
        await lab.attach((await lab.sign({ format })).verified, form);
        expect((await verify()).verdict).toBe('trusted');
      }
    }
  });

  it('level skip asks the repository nothing and is never trusted', async () => {
    const closed = {
      ...lab.repository,
      referrers: () => {
        throw new Error('asked');
      },
    } as Repository;
    const skip = policy({ signatureVerification: { level: 'skip' }, trustStores: [], trustedIdentities: [] });
    const verdict = await verify({ policy: skip }, closed);
    expect(verdict.verdict).toBe('skipped');
    expect(verdict.report.verdict).toBe('skipped');
  });

  it('no statement for the repository', async () => {
    const other = policy({ registryScopes: ['other.test/x'] });
    await expect(verify({ policy: other })).rejects.toMatchObject({
      code: 'ERR_TRUST_NO_STATEMENT',
      detail: { subject: lab.repository.name },
    });
    await lab.attach((await lab.sign()).verified);
    expect((await verify({ policy: other, scope: 'other.test/x' })).verdict).toBe('trusted');
  });

  it('P6 referrers of another subject, or of none, are skipped, counted and reported', async () => {
    const foreign = await changed({ subject: { ...lab.artifact, digest: `sha256:${'0'.repeat(64)}` } });
    const none = await changed({ subject: undefined });
    const { code, report } = await refusal({}, listing(foreign, none));
    expect(code).toBe('ERR_TRUST_NO_SIGNATURE');
    expect(report.ignored).toMatchObject([
      { digest: foreign.digest, fact: { fact: 'subjectMismatch', found: `sha256:${'0'.repeat(64)}` } },
      { digest: none.digest, fact: { fact: 'subjectMismatch' } },
    ]);
  });

  it('P15 a modified index of the referrers tag cannot add signatures of other artifacts', async () => {
    const other = await createLab();
    const good = await lab.attach((await lab.sign()).verified);
    const foreign = await changed({ subject: { ...other.artifact, size: 1 } });
    const verdict = await verify({}, listing(foreign, good));
    expect(verdict.report.ignored).toHaveLength(1);
    expect(verdict.verdict).toBe('trusted');
  });

  it.each([
    ['another artifact type', { artifactType: 'application/x' }],
    ['notary type with another config', { config: { ...describeContent('application/x', utf8('{}')) } }],
    ['no type at all', { artifactType: undefined }],
  ])('P7 %s is skipped with a reason', async (_, patch) => {
    const { report } = await refusal({}, listing(await changed(patch)));
    expect(report.ignored).toMatchObject([{ fact: { fact: 'notSignature' } }]);
  });

  it('P8 zero or two layers, a huge one, urls and data', async () => {
    const { verified } = await lab.sign();
    const [layer] = [buildSignatureManifest(lab.artifact, { envelope: verified }).envelope.descriptor];
    for (const [layers, code] of [
      [[], 'ERR_OCI_INVALID'],
      [[layer, layer], 'ERR_OCI_INVALID'],
      [[{ ...layer, size: 5 * 1024 ** 3 }], 'ERR_OCI_TOO_LARGE'],
      [[{ ...layer, digest: `sha256:${'1'.repeat(64)}`, data: 'e30=' }], 'ERR_OCI_NOT_FOUND'],
      [[{ ...layer, digest: `sha256:${'1'.repeat(64)}`, urls: ['http://169.254.169.254/'] }], 'ERR_OCI_NOT_FOUND'],
    ] as const) {
      const { report } = await refusal({}, listing(await changed({ layers })));
      expect(report.signatures[0]?.validations[0]).toMatchObject({
        result: 'failed',
        fact: { fact: 'signatureUnavailable', code },
      });
    }
  });

  it('P10 broken, unavailable and unrelated signatures first, the valid one last', async () => {
    const other = await createLab();
    const missing = { mediaType: mediaTypes.imageManifest, digest: `sha256:${'2'.repeat(64)}`, size: 10 } as const;
    const bad = [
      missing,
      await changed({ layers: [] }),
      await changed({ artifactType: 'application/x' }),
      { ...(await push({ nonsense: true }, mediaTypes.octetStream)), mediaType: mediaTypes.imageManifest },
      await lab.attach((await other.sign()).verified),
      await lab.attach((await lab.sign({ target: { ...lab.artifact, size: 1 } })).verified),
    ];
    const good = await lab.attach((await lab.sign()).verified);
    const verdict = await verify({}, listing(...bad, good));
    expect(verdict).toMatchObject({ verdict: 'trusted', signature: { manifest: good } });
    expect(verdict.report.signatures).toHaveLength(bad.length);
    expect(verdict.report.ignored).toHaveLength(1);
  });

  it('P10 content that does not fit its descriptor is one bad signature', async () => {
    const good = await lab.attach((await lab.sign()).verified);
    const lying = { ...good, digest: `sha256:${'3'.repeat(64)}` } as const;
    const repository: Repository = {
      ...listing(lying, good),
      fetch: (descriptor, options) =>
        lab.repository.fetch(descriptor.digest === lying.digest ? good : descriptor, options),
    };
    const verdict = await verify({}, repository);
    expect(verdict.report.signatures[0]?.validations[0]).toMatchObject({ fact: { code: 'ERR_OCI_DIGEST_MISMATCH' } });
  });

  it('P11 one signature more than the limit', async () => {
    const bad = async (i: number) => await changed({ annotations: { i: String(i) }, layers: [] });
    const good = await lab.attach((await lab.sign()).verified);
    const many = await Promise.all(Array.from({ length: 100 }, (_, i) => bad(i)));
    const more = await Promise.all(Array.from({ length: 100 }, (_, i) => bad(100 + i)));
    const { code, report } = await refusal({}, listing(...many, good));
    expect(code).toBe('ERR_TRUST_TOO_MANY_SIGNATURES');
    expect(report).toMatchObject({ fact: { fact: 'tooManySignatures', limit: 100 }, signatures: { length: 100 } });
    expect((await refusal({}, listing(...many))).code).toBe('ERR_TRUST_NOT_VERIFIED');
    expect((await verify({ maxSignatures: 101 }, listing(...many, good))).verdict).toBe('trusted');
    expect((await verify({}, listing(good, ...many, ...more))).verdict).toBe('trusted');
  });

  it('P12 wrong annotations have no effect', async () => {
    const annotations = { 'io.cncf.notary.x509chain.thumbprint#S256': '["00"]', 'io.cncf.notary.trusted': 'true' };
    expect((await verify({}, listing(await changed({ annotations })))).verdict).toBe('trusted');
  });

  it("P9 an error while listing is the registry's, not a verdict", async () => {
    const repository: Repository = {
      ...lab.repository,
      async *referrers() {
        yield* lab.repository.referrers(lab.artifact);
        throw new OciError('ERR_OCI_LIMIT', 'too many pages');
      },
    };
    await expect(verify({}, repository)).rejects.toMatchObject({ code: 'ERR_OCI_LIMIT' });
  });

  it('asks for signatures only, and passes the signal on', async () => {
    const asked: unknown[] = [];
    const { signal } = new AbortController();
    const repository: Repository = {
      ...lab.repository,
      referrers: (subject, options) => {
        asked.push(options);
        return lab.repository.referrers(subject, options);
      },
    };
    await refusal({ signal }, repository);
    expect(asked).toMatchObject([{ artifactType: signatureArtifactType, signal: expect.any(AbortSignal) }]);
    const controller = new AbortController();
    const aborted = verify({ signal: controller.signal }, {
      ...repository,
      async *referrers(_, options) {
        controller.abort(new Error('enough'));
        options?.signal?.throwIfAborted();
        yield* [];
      },
    } as Repository);
    await expect(aborted).rejects.toThrow('enough');
  });
});

describe('verify by digest', () => {
  it('P3 a repository that resolves a digest to another one is refused', async () => {
    const other = await changed({});
    const repository: Repository = { ...lab.repository, resolve: async () => other };
    const trust = { policy: policy(), trustStore: lab.anchors };
    const run = verifyReference(repository, `${lab.repository.name}@${lab.artifact.digest}`, trust);
    await expect(run).rejects.toMatchObject({ code: 'ERR_OCI_DIGEST_MISMATCH' });
  });
});
