import { KMS } from '@aws-sdk/client-kms';
import { CertificateClient } from '@azure/keyvault-certificates';
import { CryptographyClient } from '@azure/keyvault-keys';
import { awsKmsSigner, awsRequestHandler } from '@notarykit/kms-providers/aws';
import { azureHttpClient, azureKeyVaultSigner } from '@notarykit/kms-providers/azure';
import { gcpKmsRestClient, gcpKmsSigner } from '@notarykit/kms-providers/gcp';
import type { Signer } from '@notarykit/signature-envelope';
import { checkedSigner } from '@notarykit/signature-envelope/internal';
import { createAuthority, serveAwsKms, serveGcpKms, serveKeyVault } from '@notarykit/testing';
import { createTransport } from '@notarykit/transport';
import { afterEach, describe, expect, it } from 'vitest';
import { azureCredential, secrets } from '../../support/kms.js';
import { type ProxyScript, proxyPassword, startScriptedProxy } from '../../support/scripted-proxy.js';

const leaf = await (await createAuthority()).issueLeaf();
const key = { name: 'k', versions: [leaf.keyPair] };
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function proxyTo(port: number, script: ProxyScript) {
  const proxy = await startScriptedProxy({
    routes: { 'kms.test:80': port, [`127.0.0.1:${port}`]: port, [`localhost:${port}`]: port },
    ...script,
  });
  closing.push(() => proxy.close());
  return proxy;
}

/** Signers of three clouds, each with its own client, that ask through a proxy. */
const clouds = {
  async aws(script: ProxyScript = {}) {
    const double = await serveAwsKms([key]);
    closing.push(() => double.close());
    const proxy = await proxyTo(double.port, script);
    const client = new KMS({
      region: 'eu-west-1',
      endpoint: 'http://kms.test',
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: secrets.aws },
      maxAttempts: 1,
      requestHandler: awsRequestHandler(createTransport({ proxy: proxy.url })),
    });
    return { proxy, signer: awsKmsSigner({ client, keyId: 'alias/k', certificateChain: leaf.pem }) };
  },
  async azure(script: ProxyScript = {}) {
    const vault = await serveKeyVault([{ name: 'k', versions: [leaf] }]);
    closing.push(() => vault.close());
    const proxy = await proxyTo(Number(new URL(vault.url).port), script);
    const credential = azureCredential(vault);
    const options = () => ({
      disableChallengeResourceVerification: true,
      retryOptions: { maxRetries: 0 },
      httpClient: azureHttpClient(createTransport({ proxy: proxy.url, ca: vault.ca })),
    });
    const signer = azureKeyVaultSigner({
      certificates: new CertificateClient(vault.url, credential, options()),
      crypto: (keyId) => new CryptographyClient(keyId, credential, options()),
      name: 'k',
      caCertificates: leaf.chain.slice(1),
    });
    return { proxy, signer };
  },
  async google(script: ProxyScript = {}) {
    const name = 'projects/p/locations/l/keyRings/r/cryptoKeys/k';
    const double = await serveGcpKms([{ ...key, name }]);
    closing.push(() => double.close());
    const proxy = await proxyTo(double.port, script);
    const client = gcpKmsRestClient({
      fetch: createTransport({ proxy: proxy.url }),
      accessToken: async () => secrets.google,
      endpoint: 'http://kms.test',
      plainHttp: true,
    });
    return { proxy, signer: gcpKmsSigner({ client, name: `${name}/cryptoKeyVersions/1`, certificateChain: leaf.pem }) };
  },
};

const sign = (signer: Signer) => checkedSigner(signer).sign({ payload: Uint8Array.of(1, 2, 3), keySpec: leaf.keySpec });

describe.each(Object.keys(clouds) as (keyof typeof clouds)[])('%s', (cloud) => {
  it('signs through a proxy', async () => {
    const { proxy, signer } = await clouds[cloud]();
    expect((await sign(signer)).certificateChain).toEqual(leaf.chain);
    expect(proxy.asked.length).toBeGreaterThan(0);
  });

  it('a proxy without a way makes it unavailable, and its account is in no message', async () => {
    const { signer } = await clouds[cloud]({
      answer: (_, outgoing) => outgoing.writeHead(502).end(),
      connect: (_, socket) => void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
    });
    const error: unknown = await sign(signer).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ reason: 'unavailable' });
    expect(`${(error as Error).message} ${(error as Error).stack}`).not.toContain(proxyPassword);
  });

  it('an abort ends it with the reason of the caller', async () => {
    const { signer } = await clouds[cloud]({ answer: () => undefined, connect: () => undefined });
    const reason = new Error('enough');
    const controller = new AbortController();
    const described = signer.describe({ signal: controller.signal });
    controller.abort(reason);
    await expect(described).rejects.toBe(reason);
  });
});
