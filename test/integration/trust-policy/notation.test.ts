import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encodePem } from '@notarykit/pki';
import { type Fact, type VerificationPlugin, verifySignature } from '@notarykit/trust-policy';
import { executablePlugin, notationConfiguration, notationPaths } from '@notarykit/trust-policy/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyArtifactSignatures } from '../../support/verify-artifact.js';
import { createLab, identity, repositoryName, statement } from './lab.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'notation-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string | object, mode = 0o644): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(file, mode);
  return file;
}

const configuration = () =>
  notationConfiguration({ env: { NOTATION_CONFIG: folder, NOTATION_CACHE: join(folder, 'cache') } });
const document = (name: string) => ({
  version: '1.0',
  trustPolicies: [
    {
      name,
      registryScopes: [repositoryName],
      signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
      trustStores: ['ca:lab'],
      trustedIdentities: [identity],
    },
  ],
});

describe('the paths of notation', () => {
  it.each([
    ['linux', {}, '/home/me/.config/notation', '/home/me/.cache/notation'],
    ['linux', { XDG_CONFIG_HOME: '/x/c', XDG_CACHE_HOME: '/x/k' }, '/x/c/notation', '/x/k/notation'],
    ['linux', { XDG_CONFIG_HOME: 'relative' }, '.notation', '/home/me/.cache/notation'],
    ['darwin', {}, '/home/me/Library/Application Support/notation', '/home/me/Library/Caches/notation'],
    ['linux', { NOTATION_CONFIG: '/n', NOTATION_CACHE: '/k' }, '/n', '/k'],
  ] as const)('%s %j', (platform, env, config, cache) => {
    expect(notationPaths({ platform, env, home: '/home/me' })).toMatchObject({
      config,
      cache,
      libexec: config,
      plugins: `${config}/plugins`,
      crlCache: `${cache}/crl`,
    });
  });

  it('Windows', () => {
    const env = { APPDATA: 'C:/Users/me/AppData/Roaming', LOCALAPPDATA: 'C:/Users/me/AppData/Local' };
    expect(notationPaths({ platform: 'win32', env, home: 'C:/Users/me' })).toMatchObject({
      config: 'C:/Users/me/AppData/Roaming/notation',
      cache: 'C:/Users/me/AppData/Local/notation',
    });
  });
});

describe('the configuration of notation', () => {
  it('a machine that is set up for notation verifies as it is', async () => {
    const lab = await createLab();
    put('trustpolicy.json', document('old'));
    put('truststore/x509/ca/lab/root.crt', encodePem('CERTIFICATE', lab.authority.root.certificate));
    await lab.attach((await lab.sign()).verified);
    const notation = configuration();
    const policy = await notation.trustPolicy();
    const verdict = await verifyArtifactSignatures(lab.repository, lab.artifact, {
      policy,
      trustStore: notation.trustStore,
    });
    expect(verdict).toMatchObject({ verdict: 'trusted', report: { policy: { statement: 'old' } } });
  });

  it('the newer policy file wins, and is not passed over when it is malformed', async () => {
    put('trustpolicy.json', document('old'));
    const file = put('trustpolicy.oci.json', document('new'));
    expect((await configuration().trustPolicy()).statements[0]?.name).toBe('new');
    writeFileSync(file, '{');
    await expect(configuration().trustPolicy()).rejects.toMatchObject({ code: 'ERR_TRUST_POLICY' });
    await expect(configuration().blobTrustPolicy()).rejects.toMatchObject({ code: 'ERR_TRUST_POLICY' });
  });

  it('an extended policy is read by its version, and one of a version that is not known is refused', async () => {
    const extended = { ...(document('one') as object), version: '1.0+notarykit.1' };
    put('trustpolicy.json', extended);
    expect(await configuration().trustPolicy()).toMatchObject({
      version: '1.0+notarykit.1',
      statements: [{ name: 'one' }],
    });
    for (const version of ['1.0+notarykit.99', '1.0+other', '2.0', 1]) {
      put('trustpolicy.json', { ...extended, version });
      await expect(configuration().trustPolicy(), String(version)).rejects.toMatchObject({
        code: 'ERR_TRUST_POLICY',
        detail: { member: 'version' },
      });
    }
  });

  it('a policy file that is a symbolic link is refused', async () => {
    symlinkSync(put('elsewhere.json', document('p')), join(folder, 'trustpolicy.json'));
    await expect(configuration().trustPolicy()).rejects.toMatchObject({ code: 'ERR_TRUST_POLICY' });
  });

  it('settings and signing keys', async () => {
    expect(await configuration().settings()).toEqual({
      insecureRegistries: [],
      credHelpers: {},
      signatureFormat: 'jws',
    });
    expect(await configuration().signingKeys()).toEqual({ keys: [] });
    put('config.json', {
      insecureRegistries: ['Localhost:5000'],
      credsStore: 'pass',
      signatureFormat: 'COSE',
      auths: {},
    });
    put('signingkeys.json', {
      default: 'kms',
      keys: [
        { name: 'local', keyPath: '/k', certPath: '/c' },
        { name: 'kms', id: 'key-id', pluginName: 'com.example.plugin', pluginConfig: { k: 'v' } },
      ],
    });
    expect(await configuration().settings()).toEqual({
      insecureRegistries: ['localhost:5000'],
      credsStore: 'pass',
      credHelpers: {},
      signatureFormat: 'cose',
    });
    expect(await configuration().signingKeys()).toEqual({
      default: 'kms',
      keys: [
        { name: 'local', keyPath: '/k', certificatePath: '/c' },
        { name: 'kms', id: 'key-id', plugin: 'com.example.plugin', pluginConfig: { k: 'v' } },
      ],
    });
  });

  it.each([
    ['an unknown default', { default: 'x', keys: [] }],
    [
      'two keys of one name',
      {
        keys: [
          { name: 'a', keyPath: 'k', certPath: 'c' },
          { name: 'a', keyPath: 'k', certPath: 'c' },
        ],
      },
    ],
    ['a key without a name', { keys: [{ keyPath: 'k', certPath: 'c' }] }],
  ])('signing keys: %s', async (_, keys) => {
    put('signingkeys.json', keys);
    await expect(configuration().signingKeys()).rejects.toMatchObject({ code: 'ERR_TRUST_POLICY' });
  });
});

/** A plugin of notation that answers as told and keeps what it was asked. */
function plugin(answer: object, metadata: object = {}): VerificationPlugin {
  const described = {
    name: 'p',
    description: 'd',
    version: '1.0.0',
    url: 'u',
    supportedContractVersions: ['1.0'],
    capabilities: ['SIGNATURE_VERIFIER.TRUSTED_IDENTITY'],
    ...metadata,
  };
  const script = `#!${process.execPath}
let input = '';
process.stdin.on('data', (text) => (input += text)).on('end', () => {
  require('fs').writeFileSync(${JSON.stringify(join(folder, 'asked'))} + process.argv[2], input);
  console.log(JSON.stringify(process.argv[2] === 'get-plugin-metadata' ? ${JSON.stringify(described)} : ${JSON.stringify(answer)}));
});
`;
  put('plugins/p/notation-p', script, 0o755);
  chmodSync(join(folder, 'plugins/p'), 0o755);
  return executablePlugin(join(folder, 'plugins'), 'p');
}

describe('executables of plugins', () => {
  const confirmed = {
    verificationResults: { 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY': { success: true } },
    processedAttributes: ['org.example'],
  };

  async function judge(...plugins: readonly VerificationPlugin[]): Promise<Fact | undefined> {
    const lab = await createLab();
    const { envelope, mediaType } = await lab.sign({
      verificationPlugin: 'p',
      extendedAttributes: [{ key: 'org.example', value: 1, critical: true }],
    });
    const { report } = await verifySignature(envelope, {
      mediaType,
      statement: statement(),
      trustStore: lab.anchors,
      target: lab.artifact,
      plugins,
    });
    return report.validations.find(({ result }) => result === 'failed')?.fact;
  }

  it('are called as notation calls them', async () => {
    plugin(confirmed);
    const { readFileSync } = await import('node:fs');
    expect(await judge(...(await configuration().plugins()))).toBeUndefined();
    expect(JSON.parse(readFileSync(join(folder, 'askedget-plugin-metadata'), 'utf8'))).toEqual({});
    expect(JSON.parse(readFileSync(join(folder, 'askedverify-signature'), 'utf8'))).toMatchObject({
      contractVersion: '1.0',
      signature: {
        criticalAttributes: {
          signingScheme: 'notary.x509',
          expiry: '0001-01-01T00:00:00Z',
          extendedAttributes: { 'org.example': 1 },
        },
        unprocessedAttributes: ['org.example'],
        certificateChain: { length: 3 },
      },
      trustPolicy: { trustedIdentities: [identity], signatureVerification: ['SIGNATURE_VERIFIER.TRUSTED_IDENTITY'] },
    });
  });

  it('K6 answers that are none, another name or contract, and failures refuse the signature', async () => {
    expect(await judge(plugin({}))).toMatchObject({ fact: 'pluginRefused', problem: 'failed' });
    expect(await judge(plugin(confirmed, { name: 'q' }))).toMatchObject({ fact: 'pluginRefused', problem: 'failed' });
    expect(await judge(plugin(confirmed, { supportedContractVersions: ['2.0'] }))).toMatchObject({ problem: 'failed' });
    put('plugins/p/notation-p', '#!/bin/sh\necho not json\n', 0o755);
    expect(await judge(executablePlugin(join(folder, 'plugins'), 'p'))).toMatchObject({ problem: 'failed' });
    put(
      'plugins/p/notation-p',
      '#!/bin/sh\necho \'{"errorCode":"ERROR","errorMessage":"no way"}\' >&2\nexit 1\n',
      0o755,
    );
    expect(await judge(executablePlugin(join(folder, 'plugins'), 'p'))).toMatchObject({
      message: expect.stringContaining('no way'),
    });
  });

  it('K5 an executable that others can write, or a link, is not started', async () => {
    plugin(confirmed);
    chmodSync(join(folder, 'plugins/p/notation-p'), 0o777);
    expect(await judge(...(await configuration().plugins()))).toMatchObject({
      fact: 'pluginRefused',
      problem: 'failed',
    });
    rmSync(join(folder, 'plugins/p/notation-p'));
    symlinkSync('/bin/true', join(folder, 'plugins/p/notation-p'));
    expect(await judge(...(await configuration().plugins()))).toMatchObject({
      fact: 'pluginRefused',
      problem: 'failed',
    });
  });

  it('I19 refuses a plugin name that contains a path', () => {
    expect(() => executablePlugin(folder, '../p')).toThrow(/not a valid plugin name/);
  });
});
