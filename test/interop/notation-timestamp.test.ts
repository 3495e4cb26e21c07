import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createHttpTimestamper,
  createRevocationChecker,
  encodePem,
  parseCertificate,
  type Timestamper,
} from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import type { EnvelopeFormat } from '@notarykit/signature-envelope';
import { signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { createTrustLab, type Issued, type TrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { sign, verify } from 'notarykit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { pushImage } from './support/image.ts';
import { createNotation, labPolicy, type Notation } from './support/notation.ts';

const formats: readonly EnvelopeFormat[] = ['jws', 'cose'];
const combinations = formats.flatMap((format) => signatureAlgorithms.map(({ keySpec }) => [format, keySpec] as const));
const folder = temporaryFolder();
const day = 24 * 60 * 60 * 1000;

/** The lab's policy, with its timestamping authority: from then on every signature needs a timestamp. */
const stampedPolicy = {
  ...labPolicy,
  trustPolicies: labPolicy.trustPolicies.map((statement) => ({ ...statement, trustStores: ['ca:lab', 'tsa:lab'] })),
};

interface Setup {
  readonly lab: TrustLab;
  readonly host: string;
  readonly notation: Notation;
  readonly keys: Readonly<Record<string, Issued>>;
  readonly timestampUrl: string;
  readonly timestamper: Timestamper;
  readonly rootFile: string;
  readonly close: () => Promise<void>;
}

let setup: Setup;

beforeAll(async () => {
  const lab = await createTrustLab();
  const root = lab.authority.root.certificate;
  const keys: Record<string, Issued> = {};
  for (const { keySpec } of signatureAlgorithms) keys[keySpec] = await lab.authority.issueLeaf({ keySpec });
  const notation = await createNotation(join(folder, 'notation'), { root, keys });
  const store = join(notation.folder, 'truststore', 'x509', 'tsa', 'lab');
  mkdirSync(store, { recursive: true });
  const rootFile = join(store, 'root.pem');
  writeFileSync(rootFile, encodePem('CERTIFICATE', root));
  writeFileSync(join(notation.folder, 'trustpolicy.json'), JSON.stringify(stampedPolicy));
  const { host } = await lab.registry.listen({ name: 'localhost' });
  const services = await lab.services.listen();
  const timestampUrl = lab.services.timestampUrl(services.url);
  const roots = [parseCertificate(root)];
  const timestamper = createHttpTimestamper({ url: timestampUrl, roots, fetch: globalThis.fetch });
  setup = { lab, host, notation, keys, timestampUrl, timestamper, rootFile, close: () => services.close() };
});
afterAll(async () => {
  await setup.close();
  await setup.lab.close();
});

const repositoryOf = (name: string) => createRegistry({ registry: setup.host }).repository(name);
const keyOf = (keySpec: string): Issued => {
  const key = setup.keys[keySpec];
  if (key === undefined) throw new Error(`no key of ${keySpec}`);
  return key;
};

describe('notation-verifies-timestamps', () => {
  test.each(combinations)('%s with %s: expiry, user metadata and a timestamp', async (format, keySpec) => {
    const name = `stamped/ours/${format}/${keySpec.toLowerCase()}`;
    const image = await pushImage(setup.lab.registry, name, 'v1');
    await sign(repositoryOf(name), image, {
      signer: keyOf(keySpec).signer,
      format,
      expiry: new Date(Math.ceil(Date.now() / 1000) * 1000 + day),
      metadata: { 'io.wabbit-networks.build': '17' },
      timestamper: setup.timestamper,
      timestampRoots: [parseCertificate(setup.lab.authority.root.certificate)],
    });
    const metadata = ['--user-metadata', 'io.wabbit-networks.build=17'];
    const result = await setup.notation('verify', ...metadata, `${setup.host}/${name}@${image.digest}`);
    expect(result, result.stderr).toMatchObject({ code: 0 });
  });

  test('and refuses a signature without one', async () => {
    const image = await pushImage(setup.lab.registry, 'stamped/none', 'v1');
    await sign(repositoryOf('stamped/none'), image, { signer: keyOf('EC-256').signer });
    const result = await setup.notation('verify', `${setup.host}/stamped/none@${image.digest}`);
    expect(result.code).not.toBe(0);
  });
});

describe('notarykit-verifies-timestamps', () => {
  test.each(combinations)('%s with %s: expiry, user metadata and a timestamp', async (format, keySpec) => {
    const name = `stamped/theirs/${format}/${keySpec.toLowerCase()}`;
    const image = await pushImage(setup.lab.registry, name, 'v1');
    const stamp = ['--timestamp-url', setup.timestampUrl, '--timestamp-root-cert', setup.rootFile];
    const options = ['--key', keySpec, '--signature-format', format, '--expiry', '24h', '--user-metadata', 'build=17'];
    const reference = `${setup.host}/${name}@${image.digest}`;
    const signed = await setup.notation('sign', ...options, ...stamp, reference);
    expect(signed, signed.stderr).toMatchObject({ code: 0 });
    const verdict = await verify(repositoryOf(name), image, {
      policy: parseTrustPolicy(stampedPolicy),
      trustStore: memoryTrustStore(setup.lab.trustStore),
      revocation: createRevocationChecker({ fetch: (url) => Promise.reject(new Error(`asked ${url}`)) }),
      metadata: { build: '17' },
    });
    expect(verdict.verdict).toBe('trusted');
  });
});
