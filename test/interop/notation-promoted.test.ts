import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyGraph } from '@notarykit/artifact-graph';
import { createHttpTimestamper, encodePem, parseCertificate } from '@notarykit/pki';
import { createRegistry, type RegistryRepository } from '@notarykit/registry-client';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { type Promotion, promote } from 'notarykit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStaging, type Staging } from '../support/promote/staging.ts';
import { temporaryFolder } from './support/folder.ts';
import { createNotation, type Notation } from './support/notation.ts';

/** Production trusts the production key alone, and only with a timestamp. */
const productionPolicy = {
  version: '1.0',
  trustPolicies: [
    {
      name: 'production',
      registryScopes: ['*'],
      signatureVerification: { level: 'strict' },
      trustStores: ['ca:lab', 'tsa:lab'],
      trustedIdentities: ['x509.subject:C=US,ST=WA,O=Wabbit,OU=production'],
    },
  ],
};

const folder = temporaryFolder();
const output = { attestation: 'vsa', verifierId: 'https://wabbit.test/gate', promote: { signWith: 'production' } };
// The demo's production has no referrers API either.
const registries = {
  'referrers API': createEmbeddedRegistry(),
  'tag schema': createEmbeddedRegistry({ referrers: 'tag-schema' }),
};
const kinds = Object.keys(registries) as (keyof typeof registries)[];

let staging: Staging;
let notation: Notation;
const hosts = new Map<string, string>();

beforeAll(async () => {
  staging = await createStaging();
  const root = staging.authority.root.certificate;
  notation = await createNotation(join(folder, 'notation'), { root });
  const store = join(notation.folder, 'truststore', 'x509', 'tsa', 'lab');
  mkdirSync(store, { recursive: true });
  writeFileSync(join(store, 'root.pem'), encodePem('CERTIFICATE', root));
  writeFileSync(join(notation.folder, 'trustpolicy.json'), JSON.stringify(productionPolicy));
  for (const kind of kinds) hosts.set(kind, (await registries[kind].listen({ name: 'localhost' })).host);
});
afterAll(() => Promise.all(kinds.map((kind) => registries[kind].close())));

const open = (kind: string, name: string): RegistryRepository =>
  createRegistry({ registry: hosts.get(kind) ?? '' }).repository(name);

async function promoteInto(kind: string, signIn: 'source' | 'target', format: 'jws' | 'cose'): Promise<Promotion> {
  const [source, production] = [open(kind, `staging/${signIn}`), open(kind, `production/${signIn}`)];
  await copyGraph(staging.repository, source, { reference: 'v1' });
  const roots = [parseCertificate(staging.authority.root.certificate)];
  const { fetch, timestampUrl } = staging.services;
  return await promote(source, production, {
    reference: 'v1',
    tag: 'v1',
    trust: staging.trust,
    policy: staging.policy(output),
    signer: staging.production,
    signIn,
    format,
    timestamper: createHttpTimestamper({ url: timestampUrl('http://tsa.test'), roots, fetch }),
    timestampRoots: roots,
  });
}

describe('notation-verifies-promoted', () => {
  test.each(kinds.flatMap((kind) => [[kind, 'source', 'jws'] as const, [kind, 'target', 'cose'] as const]))(
    '%s, signed in the %s as %s: image, evidence and summary',
    async (kind, signIn, format) => {
      const { artifact, plan, summary, signatures } = await promoteInto(kind, signIn, format);
      const { name } = open(kind, `production/${signIn}`);
      expect((await open(kind, `production/${signIn}`).resolve('v1')).digest).toBe(artifact.digest);
      expect(signatures).toHaveLength(3);
      for (const { digest } of [artifact, ...plan.evidence, ...(summary === undefined ? [] : [summary])]) {
        const result = await notation('verify', `${name}@${digest}`);
        expect(result, result.stderr).toMatchObject({ code: 0 });
        expect(result.stdout).toContain('Successfully verified');
      }
      const byTag = await notation('verify', `${name}:v1`);
      expect(byTag, byTag.stderr).toMatchObject({ code: 0 });
    },
  );

  test.each(kinds)('%s: and refuses what was never promoted', async (kind) => {
    const production = open(kind, 'production/unsigned');
    await copyGraph(staging.repository, production, { reference: 'v1' });
    const { code, stderr } = await notation('verify', `${production.name}:v1`);
    expect(code).not.toBe(0);
    expect(stderr).toContain('signature verification failed');
  });
});
