import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import {
  type Descriptor,
  describe as describeBytes,
  mediaTypes,
  memoryRepository,
  type Repository,
} from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import { createEmbeddedRegistry, createTrustLab, type TrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { attach, audit, copy, createBundle, discover, gate, inspect, sign, verify } from 'notarykit';
import { beforeAll, describe, expect, it } from 'vitest';

const signatureType = 'application/vnd.cncf.notary.signature';
const policy = parseTrustPolicy({
  version: '1.0',
  trustPolicies: [
    {
      name: 'build',
      registryScopes: ['*'],
      signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
      trustStores: ['ca:lab'],
      trustedIdentities: ['*'],
    },
  ],
});
const gatePolicy = parseGatePolicy(
  JSON.stringify({
    version: '1.0',
    name: 'signed',
    signers: { build: { trustPolicy: 'build' } },
    image: { signedBy: ['build'] },
  }),
);

let lab: TrustLab;
beforeAll(async () => {
  lab = await createTrustLab();
});
const trust = () => ({ policy, trustStore: memoryTrustStore(lab.trustStore) });

/** What every verb that reads referrers makes of `v1`. */
async function asked(fresh: () => Repository): Promise<Record<string, string>> {
  const codeOf = (error: { readonly code?: string }): string => error.code ?? 'no code';
  const ok = (): string => 'ok';
  return {
    verify: await verify(fresh(), 'v1', trust()).then(({ verdict }) => verdict, codeOf),
    gate: await gate(fresh(), 'v1', { policy: gatePolicy, trust: trust() }).then(({ verdict }) => verdict, codeOf),
    discover: await discover(fresh(), 'v1').then(ok, codeOf),
    copy: await copy(fresh(), memoryRepository('target.test/app'), { reference: 'v1' }).then(ok, codeOf),
    createBundle: await createBundle({ repository: fresh(), reference: 'v1' }, trust()).then(ok, codeOf),
    inspect: await inspect(fresh(), 'v1').then(ok, codeOf),
  };
}

const fine = { verify: 'trusted', gate: 'ALLOW', discover: 'ok', copy: 'ok', createBundle: 'ok', inspect: 'ok' };

/** A signed image in a registry that lists, before its signature, whatever anybody pushed. */
async function setup(
  referrers: 'api' | 'tag-schema',
  bad: (image: Descriptor) => readonly [entry: object, bytes?: Uint8Array],
) {
  const registry = createEmbeddedRegistry({ referrers });
  const fresh = () => createRegistry({ registry: 'registry.test', fetch: registry.fetch }).repository('app');
  const layers = [{ mediaType: mediaTypes.imageLayer, content: utf8('layer') }];
  const { descriptor } = await packArtifact(fresh(), { artifactType: 'application/vnd.test', layers, tags: ['v1'] });
  await sign(fresh(), 'v1', { signer: lab.signer });
  const [entry, bytes] = bad(descriptor);
  if (bytes !== undefined) await registry.seed('app', { manifests: [{ bytes, mediaType: mediaTypes.imageManifest }] });
  registry.rule({
    method: 'GET',
    when: ({ url }, { name, reference }) =>
      url.pathname.includes(descriptor.digest.slice(7)) &&
      (referrers === 'api' ? name === 'referrers' : name === 'manifest' && reference !== descriptor.digest),
    action: async ({ next }) => {
      const { status, headers, body } = await next();
      const list = JSON.parse(await new Response(body as BodyInit).text()) as { manifests: object[] };
      const changed = utf8(JSON.stringify({ ...list, manifests: [entry, ...list.manifests] }));
      const others = headers.filter(([name]) => !/^(content-length|docker-content-digest|etag)$/i.test(name));
      return { status, headers: [...others, ['Content-Length', String(changed.length)]], body: changed };
    },
  });
  return { fresh };
}

const config = describeBytes(mediaTypes.empty, utf8('{}'));
const annotations = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`a${i}`, '']));

/** A manifest, and its entry as a registry writes it. */
const entryOf = (document: object | string, more: object = {}): [object, Uint8Array] => {
  const bytes = utf8(typeof document === 'string' ? document : JSON.stringify(document));
  return [{ ...describeBytes(mediaTypes.imageManifest, bytes), ...more }, bytes];
};
const referrer = (subject: Descriptor, more: object = {}) => ({
  schemaVersion: 2,
  mediaType: mediaTypes.imageManifest,
  artifactType: signatureType,
  config,
  layers: [config],
  subject,
  ...more,
});

type Bad = (image: Descriptor) => readonly [object, Uint8Array?];
const bad: readonly (readonly [string, Bad])[] = [
  [
    '1,001 annotations in a signature',
    (image) => entryOf(referrer(image, { annotations }), { annotations, artifactType: signatureType }),
  ],
  [
    '1,001 annotations in anything else',
    (image) => entryOf(referrer(image, { artifactType: 'a/b', annotations }), { annotations, artifactType: 'a/b' }),
  ],
  [
    'a member that appears twice',
    (image) =>
      entryOf(JSON.stringify(referrer(image)).replace('{', '{"schemaVersion":2,'), { artifactType: signatureType }),
  ],
  [
    'a layer of no media type',
    (image) =>
      entryOf(referrer(image, { layers: [{ ...config, mediaType: 'text' }] }), { artifactType: signatureType }),
  ],
  ['an annotation that is not a string', (image) => entryOf(referrer(image), { annotations: { a: 1 } })],
  ['a media type that is none', (image) => entryOf(referrer(image), { mediaType: 'text' })],
  ['a digest that is none', () => [{ ...config, digest: 'latest' }]],
  ['no manifest behind it', (image) => [entryOf(referrer(image, { layers: [] }), { artifactType: signatureType })[0]]],
  ['a wrong size', (image) => entryOf(referrer(image), { size: 1, artifactType: signatureType })],
  [
    'a manifest about something else',
    (image) => entryOf(referrer({ ...image, digest: config.digest }), { artifactType: signatureType }),
  ],
];

describe.each(['api', 'tag-schema'] as const)('a registry with referrers by %s', (kind) => {
  it('works with every verb', async () => {
    const { fresh } = await setup(kind, (image) => entryOf(referrer(image, { layers: [] }), { artifactType: 'a/b' }));
    expect(await asked(fresh)).toEqual(fine);
  });

  it.each(bad)('P10 one referrer with %s makes no verb fail', async (_, make) => {
    const { fresh } = await setup(kind, make);
    expect(await asked(fresh)).toEqual(fine);
    expect((await discover(fresh(), 'v1')).setAside).toHaveLength(1);
  });
});

describe('an image without the member "layers"', () => {
  it('counts as an image without layers for every verb', async () => {
    const registry = createEmbeddedRegistry();
    const fresh = () => createRegistry({ registry: 'registry.test', fetch: registry.fetch }).repository('app');
    await fresh().push(config, utf8('{}'));
    const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageManifest, config }));
    await registry.seed('app', { manifests: [{ bytes, mediaType: mediaTypes.imageManifest, tags: ['v1'] }] });
    await sign(fresh(), 'v1', { signer: lab.signer });
    expect(await asked(fresh)).toEqual(fine);
    const layers = [{ mediaType: 'text/plain', content: utf8('note') }];
    await attach(fresh(), 'v1', { artifactType: 'application/vnd.note', layers });
    const verdicts: string[] = [];
    for await (const { verdict } of audit(fresh(), trust())) verdicts.push(verdict);
    expect(verdicts).toEqual(['trusted']);
  });
});
