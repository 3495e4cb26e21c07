import { fileURLToPath } from 'node:url';
import { utf8 } from '@notarykit/common';
import { describe as describeContent, mediaTypes } from '@notarykit/oci';
import { createAuthority, createEmbeddedRegistry, type EmbeddedRegistry } from '@notarykit/testing';
import { signBlob } from 'notarykit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundleForBrowser } from '../support/browser-bundle.ts';
import type * as InPage from './support/browser-page.ts';
import { type Browser, type Front, type Page, servePage, serveToPages, startChromium } from './support/pages.ts';

declare const exported: typeof InPage;
declare const location: { readonly protocol: string };

/** A tagged artifact in repository `a`, and three manifests that refer to it. */
async function seedList(registry: EmbeddedRegistry, tags: readonly string[]) {
  const { imageManifest: mediaType, empty } = mediaTypes;
  const config = describeContent(empty, utf8('{}'));
  const manifest = (more: object) =>
    utf8(JSON.stringify({ schemaVersion: 2, mediaType, artifactType: 'a/b', config, layers: [], ...more }));
  const bytes = manifest({});
  const { digest, size } = describeContent(mediaType, bytes);
  const subject = { mediaType, digest, size };
  const others = ['1', '2', '3'].map((i) => ({ bytes: manifest({ subject, annotations: { i } }), mediaType }));
  await registry.seed('a', { blobs: [utf8('{}')], manifests: [{ bytes, mediaType, tags }, ...others] });
  return subject;
}

const entry = (name: string): string => fileURLToPath(new URL(`./support/${name}`, import.meta.url));
const account = { username: 'wabbit', password: 'carrot-secret' };

describe('chromium', () => {
  let browser: Browser;
  let site: Front;
  let page: Page;
  const open: (Front | EmbeddedRegistry)[] = [];
  beforeAll(async () => {
    site = await servePage(await bundleForBrowser(entry('browser-page.ts')));
    browser = await startChromium();
    page = await browser.newPage();
    await page.goto(`http://${site.host}/`);
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  async function front(options: Parameters<typeof serveToPages>[1] = {}, registry = createEmbeddedRegistry()) {
    const served = await serveToPages(registry, options);
    open.push(served);
    return { ...served, registry };
  }

  test("the platform's own fetch is a transport, in a page and in a worker", async () => {
    const { host } = await front();
    const ping = (registry: string): Promise<string> =>
      exported
        .createRegistry({ registry, fetch: fetch as never, retry: { maxRetries: 0 } })
        .ping()
        .then(() => 'answered', String);
    expect(await page.evaluate(ping, host)).toBe('answered');
    const inWorker = ([work, registry]: readonly [string, string]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const text = `importScripts(${JSON.stringify(new URL('/script.js', String(globalThis.location)).href)});
          (${work})(${JSON.stringify(registry)}).then(postMessage)`;
        const worker = new Worker(URL.createObjectURL(new Blob([text])));
        worker.onmessage = ({ data }: { data: unknown }) => resolve(data);
        worker.onerror = ({ message }: { message: string }) => reject(new Error(message));
      });
    expect(await page.evaluate(inWorker, [String(ping), host] as const)).toBe('answered');
  });

  test('revocation is asked by it', async () => {
    const authority = await createAuthority();
    const leaf = await authority.issueLeaf({ ocspUrls: ['http://127.0.0.1:9/ocsp'] });
    const reason = await page.evaluate(async (pem) => {
      const checker = exported.createRevocationChecker({ fetch: fetch as never, addresses: { loopback: true } });
      return JSON.stringify(await checker.check(exported.parseCertificates(pem)));
    }, leaf.pem);
    expect(reason).not.toContain('Illegal invocation');
  });

  test('blobs of every size are pushed over HTTP/1.1: bytes, streams, and streams of unknown size', async () => {
    const { host, registry } = await front();
    const pushed = await page.evaluate(async (name) => {
      const repository = exported.createRegistry({ registry: name, chunkSize: 100_000 }).repository('a');
      const digests: string[] = [];
      for (const size of [10, 300_000, 1_000_000]) {
        const bytes = new Uint8Array(size).fill(size % 251);
        const whole = exported.describe('a/b', bytes);
        await repository.push(whole, bytes);
        bytes[0] = 99;
        const streamed = exported.describe('a/b', bytes);
        await repository.push(streamed, () => new Blob([bytes]).stream());
        bytes[0] = 98;
        const { digest } = await repository.pushStream(new Blob([bytes]).stream());
        for (const one of [whole, streamed, { ...whole, digest }]) {
          await exported.readBytes(await repository.fetch(one), { limit: size });
          digests.push(one.digest);
        }
      }
      return digests;
    }, host);
    expect(new Set(pushed).size).toBe(9);
    expect(registry.requests.filter(({ status }) => status === 201)).toHaveLength(9);
  });

  test('a registry that takes no chunks gets a stream in one piece', async () => {
    const { host } = await front({}, createEmbeddedRegistry({ chunks: false }));
    const there = await page.evaluate(async (name) => {
      const repository = exported.createRegistry({ registry: name }).repository('a');
      const bytes = new Uint8Array(400_000).fill(7);
      const blob = exported.describe('a/b', bytes);
      await repository.push(blob, () => new Blob([bytes]).stream());
      return await repository.exists(blob);
    }, host);
    expect(there).toBe(true);
  });

  test('H1 reads a redirected blob without sending credentials', async () => {
    const accounts = [account];
    const registry = createEmbeddedRegistry({ auth: { scheme: 'basic', accounts } });
    const store = await front();
    const { host } = await front({ blobsAt: store.host }, registry);
    const blob = new Uint8Array(5000).fill(3);
    for (const one of [registry, store.registry]) await one.seed('a', { blobs: [blob] });
    const read = await page.evaluate(
      async ([name, credentials]) => {
        const headers = { 'x-custom-secret': 'custom-secret' };
        const repository = exported.createRegistry({ registry: name, credentials, headers }).repository('a');
        const wanted = exported.describe('a/b', new Uint8Array(5000).fill(3));
        return (await exported.readBytes(await repository.fetch(wanted), { limit: 5000 })).length;
      },
      [host, account] as const,
    );
    expect(read).toBe(5000);
    expect(store.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
    for (const { headers } of store.requests) {
      expect(headers).not.toHaveProperty('authorization');
      expect(headers).not.toHaveProperty('x-custom-secret');
    }
  });

  test('checks size and digest of answers that the browser has decoded', async () => {
    const { host, registry } = await front({ gzip: true });
    const blob = new Uint8Array(20);
    await registry.seed('a', { blobs: [blob] });
    const read = await page.evaluate(async (name) => {
      const repository = exported.createRegistry({ registry: name, retry: { maxRetries: 0 } }).repository('a');
      const wanted = exported.describe('a/b', new Uint8Array(20));
      const other = exported.describe('a/b', new Uint8Array(20).fill(1));
      const missing = await repository.fetch(other).then(String, (error: { code: string }) => error.code);
      return [(await exported.readBytes(await repository.fetch(wanted), { limit: 20 })).length, missing];
    }, host);
    expect(read).toEqual([20, 'ERR_OCI_NOT_FOUND']);
  });

  test('P17 a list is whole, or says that its end is hidden', async () => {
    const registry = createEmbeddedRegistry({ tagsPageSize: 2, referrersPageSize: 2 });
    const subject = await seedList(registry, ['v1', 'v2', 'v3']);
    const outcomes: unknown[] = [];
    for (const exposed of ['Docker-Content-Digest', 'Docker-Content-Digest, Link', '*']) {
      const { host } = await front({ exposed }, registry);
      const list = async ([name, of]: readonly [string, typeof subject]) => {
        const repository = exported.createRegistry({ registry: name }).repository('a');
        const [tags, referrers]: string[][] = [[], []];
        for await (const tag of repository.tags()) tags?.push(tag);
        const end = async (): Promise<string> => {
          for await (const { digest } of repository.referrers(of)) referrers?.push(digest);
          return 'whole';
        };
        const ended = await end().catch(({ code }) => code as string);
        return [tags?.length, new Set(referrers).size, ended];
      };
      outcomes.push(await page.evaluate(list, [host, subject] as const));
    }
    expect(outcomes).toEqual([
      [3, 2, 'ERR_REGISTRY_HEADER_HIDDEN'],
      [3, 3, 'whole'],
      [3, 3, 'whole'],
    ]);
  });

  test('X5 a page outside a secure context gets one coded error', async () => {
    const authority = await createAuthority();
    const { pem, privateKeyPem, signer } = await authority.issueLeaf();
    const { envelope, mediaType } = await signBlob(utf8('blob'), { signer });
    const insecure = await browser.newPage();
    await insecure.goto(`http://intranet.test:${site.host.split(':')[1]}/`);
    const codes = await insecure.evaluate(
      async ([certificateChain, privateKey, signature, type]) => {
        const codeOf = (error: { code: string }): string => error.code;
        const signer = exported.localSigner({ privateKey, certificateChain });
        const statement = { name: 'a', globalPolicy: true, trustStores: ['ca:a'], trustedIdentities: ['*'] };
        const trustPolicies = [{ ...statement, signatureVerification: { level: 'strict' } }];
        const policy = exported.parseBlobTrustPolicy({ version: '1.0', trustPolicies });
        const trust = {
          policy,
          trustStore: exported.memoryTrustStore({ ca: { a: certificateChain } }),
          mediaType: type,
        };
        const bytes = Uint8Array.from(signature);
        const verified = exported.verifyBlob(new TextEncoder().encode('blob'), bytes, trust);
        return [location.protocol, await signer.describe().then(String, codeOf), await verified.then(String, codeOf)];
      },
      [pem, privateKeyPem, [...envelope], mediaType] as const,
    );
    expect(codes).toEqual(['http:', 'ERR_RUNTIME_NO_WEB_CRYPTO', 'ERR_RUNTIME_NO_WEB_CRYPTO']);
  });
});
