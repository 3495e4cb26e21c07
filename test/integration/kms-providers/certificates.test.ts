import { awsKmsKey, awsKmsSigner } from '@notarykit/kms-providers/aws';
import { type AzureIssuanceClient, azureKeyVaultSigner, requestAzureCertificate } from '@notarykit/kms-providers/azure';
import { type CertifiableKey, createKeyCsr, requestCertificate } from '@notarykit/kms-providers/csr';
import { gcpKmsKey, gcpKmsRestClient, gcpKmsSigner } from '@notarykit/kms-providers/gcp';
import { localKey, localSigner } from '@notarykit/kms-providers/local';
import { vaultKey, vaultPki, vaultSigner } from '@notarykit/kms-providers/vault';
import { encodePem, formatName } from '@notarykit/pki';
import { type KeySpec, type Signer, signEnvelope } from '@notarykit/signature-envelope';
import { signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import {
  createAuthority,
  createKeyPair,
  serveAwsKms,
  serveGcpKms,
  serveKeyVault,
  serveVault,
} from '@notarykit/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { awsKms, azureClients } from '../../support/kms.ts';

const authority = await createAuthority();
const subject = { C: 'US', ST: 'WA', O: 'Wabbit Networks', CN: 'net-monitor' };
const leafKey = (await authority.issueLeaf()).privateKeyPem;
const target = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha256:${'a'.repeat(64)}`, size: 1 };
const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

/** A key of a provider, and the signer that it is with a certificate. */
interface Road {
  readonly key: CertifiableKey;
  readonly signer: (pem: string) => Signer;
}

const token = 't';

async function roads(keySpec: KeySpec): Promise<Record<string, Road>> {
  const pair = await createKeyPair(keySpec);
  const privateKey = encodePem('PRIVATE KEY', pair.pkcs8);
  const aws = await serveAwsKms([{ name: 'k', versions: [pair] }]);
  const vault = await serveVault([{ name: 'k', versions: [pair] }], { token });
  const name = 'projects/p/locations/l/keyRings/r/cryptoKeys/k';
  const gcp = await serveGcpKms([{ name, versions: [pair] }]);
  closers.push(aws.close, vault.close, gcp.close);
  const kms = awsKms(aws);
  const connection = { address: vault.url, token, key: 'k', fetch };
  const client = gcpKmsRestClient({ fetch, accessToken: async () => 't', endpoint: gcp.url });
  return {
    local: {
      key: localKey({ privateKey }),
      signer: (certificateChain) => localSigner({ privateKey, certificateChain }),
    },
    aws: {
      key: awsKmsKey({ client: kms, keyId: 'alias/k' }),
      signer: (certificateChain) => awsKmsSigner({ client: kms, keyId: 'alias/k', certificateChain }),
    },
    'aws, PSS alone': {
      key: awsKmsKey({ client: kms, keyId: 'alias/k', rsaScheme: 'rsassa-pss' }),
      signer: (certificateChain) => awsKmsSigner({ client: kms, keyId: 'alias/k', certificateChain }),
    },
    vault: { key: vaultKey(connection), signer: (chain) => vaultSigner({ ...connection, chain }) },
    ...(keySpec === 'RSA-3072' || keySpec === 'EC-521'
      ? {}
      : {
          gcp: {
            key: gcpKmsKey({ client, name }),
            signer: (certificateChain: string) => gcpKmsSigner({ client, name, certificateChain }),
          },
        }),
  };
}

describe.each(signatureAlgorithms.map(({ keySpec }) => keySpec))('a certificate for %s', async (keySpec) => {
  const all = Object.entries(await roads(keySpec));
  test.each(all)('%s: request, authority, signature', async (_, { key, signer }) => {
    const { pem } = await requestCertificate(key, { subject, issue: (csr) => authority.issueFromCsr(csr) });
    const { verified } = await signEnvelope(target, { signer: signer(pem) });
    const [leaf] = verified.certificateChain;
    expect(leaf && formatName(leaf.subject)).toBe('CN=net-monitor,O=Wabbit Networks,ST=WA,C=US');
  });
});

describe('the answer of an authority is checked before anybody stores it', async () => {
  const pair = await createKeyPair('EC-256');
  const key = localKey({ privateKey: encodePem('PRIVATE KEY', pair.pkcs8) });
  const reasonOf = (issue: (csr: Uint8Array) => Promise<readonly Uint8Array[] | string>, now?: Date) =>
    requestCertificate(key, { subject, issue, ...(now === undefined ? {} : { now }) }).then(
      () => 'accepted',
      (error: { reason?: string; message: string }) => `${error.reason}: ${error.message}`,
    );

  test('K2 a certificate of another key', async () => {
    expect(await reasonOf(async () => (await authority.issueLeaf()).chain)).toMatch(/^chain-mismatch/);
  });

  test('K2 a chain without its root, and one with a stranger', async () => {
    expect(await reasonOf(async (csr) => (await authority.issueFromCsr(csr)).slice(0, -1))).toMatch(/^chain-mismatch/);
    const stranger = (await createAuthority()).root.certificate;
    expect(await reasonOf(async (csr) => [...(await authority.issueFromCsr(csr)), stranger])).toMatch(/no place/);
  });

  test('K2 a certificate that is not valid now', async () => {
    const later = new Date(Date.now() + 100 * 365 * 24 * 60 * 60 * 1000);
    expect(await reasonOf((csr) => authority.issueFromCsr(csr), later)).toMatch(/^chain-mismatch.*valid from/);
  });

  test('what is not a certificate, and what the authority throws', async () => {
    expect(await reasonOf(async () => 'refused')).toMatch(/^chain-mismatch/);
    expect(await reasonOf(() => Promise.reject(new Error('closed today')))).toBe('undefined: closed today');
  });

  test('a key that no Notary signature may have asks for nothing', async () => {
    const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
    // The last byte of the curve's identifier: another curve.
    spki[22] = 0x01;
    const strange: CertifiableKey = {
      describe: async () => ({ keyId: 'k', publicKey: spki }),
      sign: () => Promise.reject(new Error('signed')),
    };
    await expect(createKeyCsr(strange, { subject })).rejects.toMatchObject({ reason: 'unsupported-key' });
  });
});

describe('Vault issues, and keeps the chain beside the key', () => {
  test.each(['EC-384', 'RSA-2048'] as const)('%s, in every version', async (keySpec) => {
    const versions = [await createKeyPair(keySpec), await createKeyPair(keySpec)];
    const vault = await serveVault([{ name: 'k', versions }], { token, pki: { authority, role: 'signing' } });
    closers.push(vault.close);
    const connection = { address: vault.url, token, fetch };
    const issue = vaultPki({ ...connection, role: 'signing', commonName: 'net-monitor' });
    for (const version of [1, 2]) {
      const key = vaultKey({ ...connection, key: 'k', version });
      const { certificateChain } = await requestCertificate(key, { subject, issue });
      await key.storeChain(certificateChain);
      await signEnvelope(target, { signer: vaultSigner({ ...connection, key: 'k', version }) });
    }
    expect(vault.requests.filter((request) => request.endsWith('set-certificate'))).toHaveLength(2);
  });

  test('K2 a role that was left as it was made issues for TLS, and is refused', async () => {
    const versions = [await createKeyPair('EC-256')];
    const vault = await serveVault([{ name: 'k', versions }], { token, pki: { authority, role: 'web', tls: true } });
    closers.push(vault.close);
    const connection = { address: vault.url, token, fetch };
    const issue = vaultPki({ ...connection, role: 'web', commonName: 'net-monitor' });
    const key = vaultKey({ ...connection, key: 'k' });
    await expect(requestCertificate(key, { subject, issue })).rejects.toMatchObject({ reason: 'chain-mismatch' });
    const other = await authority.issueLeaf();
    await expect(key.storeChain(other.chain)).rejects.toMatchObject({ reason: 'chain-mismatch' });
    const unknown = vaultPki({ ...connection, role: 'none', commonName: 'x' });
    await expect(requestCertificate(key, { subject, issue: unknown })).rejects.toMatchObject({
      reason: 'key-not-found',
    });
    expect(vault.requests.some((request) => request.endsWith('set-certificate'))).toBe(false);
  });
});

describe('a certificate for another name', () => {
  const key = localKey({ privateKey: leafKey });
  const ask = (issued: Record<string, string>, more: object = {}) =>
    requestCertificate(key, { subject, issue: (csr) => authority.issueFromCsr(csr, { subject: issued }), ...more });

  test.each(['C', 'ST', 'O', 'CN'])('K2 %s is refused: trusted identities are made of it', async (type) => {
    await expect(ask({ ...subject, [type]: 'XX' })).rejects.toMatchObject({ reason: 'chain-mismatch' });
    const { [type]: _, ...without } = subject as Record<string, string>;
    await expect(ask(without)).rejects.toMatchObject({ reason: 'chain-mismatch' });
  });

  test('K2 may have more attributes, or be taken by the caller', async () => {
    await ask({ ...subject, OU: 'Release' });
    await ask({ O: 'Another' }, { allowOtherSubject: true });
  });

  test('K4 an abort ends the wait for the authority', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const issue = () => {
      controller.abort(reason);
      return new Promise<string>(() => undefined);
    };
    await expect(requestCertificate(key, { subject, issue, signal: controller.signal })).rejects.toBe(reason);
  });
});

describe('Azure Key Vault makes the key and its request, and the chain is merged', () => {
  const common = { name: 'net-monitor', subject };

  test.each(signatureAlgorithms.map(({ keySpec }) => keySpec))('%s, twice', { timeout: 60_000 }, async (keySpec) => {
    const vault = await serveKeyVault([]);
    closers.push(vault.close);
    const { certificates, secrets, crypto } = azureClients(vault);
    const keyIds: string[] = [];
    for (let version = 0; version < 2; version++) {
      const issue = (csr: Uint8Array) => authority.issueFromCsr(csr);
      keyIds.push((await requestAzureCertificate({ ...common, certificates, keySpec, issue })).keyId);
      const signer = azureKeyVaultSigner({ certificates, name: 'net-monitor', crypto, secrets });
      const { verified } = await signEnvelope(target, { signer });
      const [leaf] = verified.certificateChain;
      expect(leaf && formatName(leaf.subject)).toBe('CN=net-monitor,O=Wabbit Networks,ST=WA,C=US');
    }
    expect(new Set(keyIds).size).toBe(2);
  });

  test('K2 what does not fit is not merged', async () => {
    const vault = await serveKeyVault([]);
    closers.push(vault.close);
    const { certificates } = azureClients(vault);
    const keySpec = 'EC-256';
    const other = await authority.issueLeaf();
    const answers = [
      async () => other.chain,
      async () => 'refused',
      async (csr: Uint8Array) => (await authority.issueFromCsr(csr)).slice(0, 1),
    ];
    for (const issue of answers)
      await expect(requestAzureCertificate({ ...common, certificates, keySpec, issue })).rejects.toMatchObject({
        reason: 'chain-mismatch',
      });
    expect(vault.requests.some((request) => request.endsWith('merge'))).toBe(false);
    vault.faults.denied = true;
    const denied = requestAzureCertificate({ ...common, certificates, keySpec, issue: async () => '' });
    await expect(denied).rejects.toMatchObject({ reason: 'access-denied' });
  });

  test('K2 continues a pending request after an authority failed, but not one for another key', async () => {
    const vault = await serveKeyVault([]);
    closers.push(vault.close);
    const { certificates } = azureClients(vault);
    const options = { ...common, certificates, keySpec: 'EC-256' } as const;
    const down = requestAzureCertificate({ ...options, issue: () => Promise.reject(new Error('down')) });
    await expect(down).rejects.toThrow('down');
    const issue = (csr: Uint8Array) => authority.issueFromCsr(csr);
    for (const other of [{ subject: { ...subject, O: 'Another' } }, { keySpec: 'EC-384' as const }])
      await expect(requestAzureCertificate({ ...options, ...other, issue })).rejects.toMatchObject({
        reason: 'invalid-request',
      });
    expect((await requestAzureCertificate({ ...options, issue })).keyId).toContain('/keys/net-monitor/');
  });

  test('K1 a key that was merged has a version', async () => {
    const vault = await serveKeyVault([]);
    closers.push(vault.close);
    const { certificates } = azureClients(vault);
    const client: AzureIssuanceClient = {
      beginCreateCertificate: (...args) => certificates.beginCreateCertificate(...args),
      getCertificateOperation: (...args) => certificates.getCertificateOperation(...args),
      mergeCertificate: async () => ({ keyId: `${vault.url}/keys/net-monitor`, properties: {} }),
    };
    const issue = (csr: Uint8Array) => authority.issueFromCsr(csr);
    const merged = requestAzureCertificate({ ...common, certificates: client, keySpec: 'EC-256', issue });
    await expect(merged).rejects.toMatchObject({ reason: 'bad-key' });
  });

  test('a name with separators is quoted', async () => {
    const seen: string[] = [];
    const client: AzureIssuanceClient = {
      beginCreateCertificate: async (_, policy) => seen.push(policy.subject, policy.keyType, `${policy.keySize}`),
      getCertificateOperation: async () => ({ getOperationState: () => ({}) }),
      mergeCertificate: () => Promise.reject(new Error('merged')),
    };
    const named = { subject: { O: 'Wabbit, "Inc."', CN: 'x' }, name: 'n', keySpec: 'RSA-3072', hsm: true } as const;
    const issue = async () => '';
    await expect(requestAzureCertificate({ ...named, certificates: client, issue })).rejects.toThrow(/no request/);
    expect(seen).toEqual(['O="Wabbit, ""Inc.""", CN=x', 'RSA-HSM', '3072']);
  });
});
