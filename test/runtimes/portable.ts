// What every runtime must be able to do, with the main entries alone: no modules of Node, no files.
import { copyGraph, packArtifact } from '@notarykit/artifact-graph';
import { concatBytes, createRedactor, readBytes, utf8 } from '@notarykit/common';
import { createHasher, equalBytes, streamOf } from '@notarykit/common/internal';
import { describe, digestOf, memoryRepository } from '@notarykit/oci';
import { createHttpTimestamper, createRevocationChecker, parseCertificate } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import { envelopeMediaTypes, type KeySpec } from '@notarykit/signature-envelope';
import { type Authority, createAuthority, createAuthorityServices, createKeyPair } from '@notarykit/testing';
import { memoryTrustStore, parseBlobTrustPolicy, parseTrustPolicy, type TrustStore } from '@notarykit/trust-policy';
import { createBundle, publish, sign, signBlob, verify, verifyBlob, verifyBundle } from 'notarykit';
import { labPolicy } from '../support/lab-policy.js';
import { codeOf, createSteps, type Outcomes } from './steps.js';

const keySpecs: readonly KeySpec[] = ['RSA-2048', 'EC-256', 'EC-384', 'EC-521'];
const artifactType = 'application/vnd.test.runtime';
const gatePolicy = `
version: "1.0"
name: production
signers: { build: { trustPolicy: lab } }
image: { signedBy: [build] }
`;

/** Runs every step against the registry, which is on this machine. */
export async function portable(registry: string): Promise<Outcomes> {
  const { outcomes, step } = createSteps();
  const authority = await createAuthority();
  const roots = [authority.root.certificate];
  const trustStore = memoryTrustStore({ ca: { lab: roots }, tsa: { lab: roots } });
  const policy = parseTrustPolicy(labPolicy({ withoutRevocation: true }));
  const trust = { policy, trustStore };
  const content = utf8('content of a blob');

  for (const keySpec of keySpecs)
    for (const format of ['jws', 'cose'] as const)
      await step(`${format} ${keySpec}`, async () => {
        // The lab's own RSA keys have exponents that workerd does not take.
        const keyPair = await createKeyPair(keySpec, { fresh: true });
        const { signer } = await authority.issueLeaf({ keyPair });
        const { envelope, mediaType } = await signBlob(content, { signer, format });
        const verifying = { policy: blobPolicy(), trustStore, mediaType };
        const { verdict } = await verifyBlob(content, envelope, verifying);
        const changed = concatBytes([content, utf8('!')]);
        const last = envelope.slice();
        last[last.length - 20] = (last.at(-20) ?? 0) ^ 1;
        const refused = await codeOf(verifyBlob(changed, envelope, verifying));
        const broken = await codeOf(verifyBlob(content, last, verifying));
        return `${mediaType === envelopeMediaTypes[format]} ${verdict} ${refused} ${broken}`;
      });

  await step('timestamp and revocation', () => strict(authority, trustStore, content));

  const { signer } = await authority.issueLeaf();
  const stranger = await (await createAuthority({ name: 'Stranger' })).issueLeaf();
  const client = createRegistry({ registry, retry: { maxRetries: 0 } });
  const repository = client.repository('runtimes/app');
  const layers = [{ mediaType: 'text/plain', content: new Uint8Array(300_000).fill(7) }];
  await step('published and verified over HTTP', async () => {
    await publish(repository, { push: { artifactType, layers }, sign: { signer }, tag: 'v1' });
    return (await verify(repository, 'v1', trust)).verdict;
  });
  await step('a signature of a stranger', async () => {
    const other = client.repository('runtimes/other');
    await publish(other, { push: { artifactType, layers }, sign: { signer: stranger.signer }, tag: 'v1' });
    return await codeOf(verify(other, 'v1', trust));
  });
  await step('no signature', async () => {
    await packArtifact(client.repository('runtimes/bare'), { artifactType, layers, tags: ['v1'] });
    return await codeOf(verify(client.repository('runtimes/bare'), 'v1', trust));
  });
  await step('several signatures are listed', async () => {
    await sign(repository, 'v1', { signer, format: 'cose' });
    let count = 0;
    for await (const _ of repository.referrers(await repository.resolve('v1'))) count += 1;
    return count;
  });
  await step('copied with its signatures', async () => {
    const target = memoryRepository(`${registry}/runtimes/app`);
    await copyGraph(repository, target, { reference: 'v1' });
    return (await verify(target, 'v1', trust)).verdict;
  });
  await step('bundle', async () => {
    const bundle = await createBundle({ repository, reference: 'v1' }, trust);
    const bytes = await readBytes(bundle.stream(), { limit: 1 << 24 });
    const { artifacts } = await verifyBundle(bytes, { ...trust, expect: [`${registry}/runtimes/app:v1`] });
    const changed = bytes.slice();
    const at = bytes.findIndex((byte, i) => byte === 0x22 && i > 2000);
    changed[at] = 0x27;
    return `${artifacts.map(({ verdict }) => verdict.verdict)} ${await codeOf(verifyBundle(changed, trust))}`;
  });
  await step('stream of known size', async () => {
    const bytes = numbers(3_000_000);
    const blob = describe('application/octet-stream', bytes);
    await repository.push(blob, () => streamOf(bytes));
    return equalBytes(await readBytes(await repository.fetch(blob), { limit: bytes.length }), bytes);
  });
  await step('stream of unknown size', async () => {
    const { digest, size } = await repository.pushStream(streamOf(numbers(1_000_000)));
    return `${digest} ${size}`;
  });
  await step('range', async () => {
    const bytes = numbers(3_000_000);
    const blob = describe('application/octet-stream', bytes);
    const part = await readBytes(await repository.fetchRange(blob, 4096, 1000), { limit: 1000 });
    return equalBytes(part, bytes.subarray(4096, 5096));
  });
  await step('content that is not there', () =>
    codeOf(repository.fetch(describe('application/octet-stream', utf8('nowhere')))),
  );
  await step('content of another digest', () =>
    codeOf(repository.push(describe('application/octet-stream', utf8('one')), utf8('two'))),
  );
  await step('given up', async () => {
    const given = new Error('given up');
    const signal = AbortSignal.abort(given);
    return await repository.resolve('v1', { signal }).then(
      () => 'not given up',
      (error: unknown) => error === given,
    );
  });
  await step('digests', () => {
    const hashed = (['sha256', 'sha384', 'sha512'] as const).map((algorithm) => {
      const hasher = createHasher(algorithm);
      hasher.update(numbers(1000));
      hasher.update(numbers(70_000));
      return digestOf(hasher.digest()).slice(7, 19);
    });
    return hashed.join(' ');
  });
  await step('packed artifact', async () => {
    const target = memoryRepository('registry.test/packed');
    const annotations = { 'org.opencontainers.image.created': '2026-01-01T00:00:00Z', 'io.test.ä': 'ö' };
    return (await packArtifact(target, { artifactType, layers, annotations })).descriptor.digest;
  });
  await step('gate policy in YAML', () => parseGatePolicy(gatePolicy).digest);
  await step('gate policy that repeats a member', () => parseGatePolicy(`${gatePolicy}name: another\n`).name);
  await step('redaction', () => {
    const secret = 'pässwort "secret" a+b';
    const redactor = createRedactor([secret]);
    const spelt = [
      secret,
      JSON.stringify(secret),
      encodeURIComponent(secret),
      btoa(unescape(encodeURIComponent(secret))),
    ];
    return redactor.text(spelt.join(' | '));
  });
  return outcomes;
}

/** Level strict, with every check, over services of this process. */
async function strict(authority: Authority, trustStore: TrustStore, content: Uint8Array): Promise<string> {
  const services = createAuthorityServices(authority);
  const base = 'http://pki.test';
  const leaf = await authority.issueLeaf({ ocspUrls: [services.ocspUrl(base)], crlUrls: [services.crlUrl(base)] });
  const roots = [parseCertificate(authority.root.certificate)];
  const timestamper = createHttpTimestamper({ url: services.timestampUrl(base), roots, fetch: services.fetch });
  const signing = { signer: leaf.signer, timestamper, timestampRoots: roots };
  const { envelope, mediaType } = await signBlob(content, signing);
  const verified = () => {
    const revocation = createRevocationChecker({ fetch: services.fetch });
    return verifyBlob(content, envelope, { policy: blobPolicy('strict'), trustStore, mediaType, revocation });
  };
  const { verdict } = await verified();
  services.revoke(leaf, { reason: 'keyCompromise' });
  return `${verdict} ${await codeOf(verified())}`;
}

function blobPolicy(level?: 'strict') {
  const statement = { name: 'lab', globalPolicy: true, trustedIdentities: ['*'] };
  const trustStores = level === undefined ? ['ca:lab'] : ['ca:lab', 'tsa:lab'];
  const override = level === undefined ? { override: { revocation: 'skip' } } : {};
  const signatureVerification = { level: 'strict', ...override };
  return parseBlobTrustPolicy({
    version: '1.0',
    trustPolicies: [{ ...statement, trustStores, signatureVerification }],
  });
}

/** Bytes that hardly repeat, the same ones each time. */
function numbers(length: number): Uint8Array<ArrayBuffer> {
  const words = Uint32Array.from({ length: Math.ceil(length / 4) }, (_, i) => Math.imul(i, 2_654_435_761));
  return new Uint8Array(words.buffer).subarray(0, length);
}
