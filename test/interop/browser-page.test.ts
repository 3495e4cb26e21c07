// The page of examples/browser-verify in a real browser: `SCREENSHOT=<file>` keeps a picture of it.
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodePem } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { publish } from 'notarykit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleForBrowser } from '../support/browser-bundle.js';
import { type Browser, startChromium } from './support/pages.js';

const folder = 'examples/browser-verify';
let lab: TrustLab;
let browser: Browser;
let server: http.Server;
let host: string;
beforeAll(async () => {
  lab = await createTrustLab();
  const [page, script] = [
    await readFile(join(folder, 'index.html')),
    await bundleForBrowser(join(folder, 'src/page.ts')),
  ];
  const registry = (await lab.registry.listen()).port;
  // The page and the registry have one host, so that no browser objects.
  server = http.createServer((request, response) => {
    const { url = '', method, headers } = request;
    if (url === '/dist/page.js') return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    if (!url.startsWith('/v2')) return void response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    const asked = http.request({ host: '127.0.0.1', port: registry, path: url, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(asked);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await startChromium();
});
afterAll(async () => {
  await browser.close();
  server.close();
  server.closeAllConnections();
  await lab.close();
});

const policy = JSON.stringify({
  version: '1.0',
  trustPolicies: [
    {
      name: 'page',
      registryScopes: ['*'],
      signatureVerification: { level: 'strict', override: { revocation: 'log' } },
      trustStores: ['ca:page'],
      trustedIdentities: ['*'],
    },
  ],
});

test('the headline has artifact and digest, and every line a word beside its colour', async () => {
  const repository = createRegistry({ registry: host }).repository('net-monitor');
  const push = { artifactType: 'example/app', layers: [] };
  const { artifact } = await publish(repository, { push, sign: { signer: lab.signer }, tag: 'v1' });
  const page = await browser.newPage();
  await page.goto(`http://${host}/?reference=${host}/net-monitor:v1`);
  const texts = { policy, certificates: encodePem('CERTIFICATE', lab.authority.root.certificate) };
  const shown = await page.evaluate(async (given) => {
    for (const [name, text] of Object.entries(given))
      (document.querySelector(`[name=${name}]`) as HTMLTextAreaElement).value = text;
    const result = document.querySelector('#result') as HTMLElement;
    const headline = new Promise<void>((done) => {
      new MutationObserver(() => result.querySelector('h2') !== null && done()).observe(result, { childList: true });
    });
    (document.querySelector('button') as HTMLButtonElement).click();
    await headline;
    return {
      alert: document.querySelector('#no-script'),
      headline: result.querySelector('h2')?.textContent,
      states: [...result.querySelectorAll<HTMLElement>('p, summary')].map(({ textContent }) => textContent ?? ''),
    };
  }, texts);
  expect(shown.alert).toBeNull();
  expect(shown.headline).toBe(`✓ trusted: ${host}/net-monitor:v1 (${artifact.digest})`);
  expect(shown.states).toContainEqual(expect.stringMatching(/^✓ passed: integrity: /));
  expect(shown.states).toContainEqual(expect.stringMatching(/^! failed, only logged: revocation: /));
  const path = process.env['SCREENSHOT'];
  if (path !== undefined) await page.screenshot({ path, fullPage: true });
});

test('opened from disk, the page says what it needs', async () => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(folder, 'index.html')).href);
  const alert = await page.evaluate(() => document.querySelector('#no-script')?.textContent, undefined);
  expect(alert).toContain('open it over http');
});
