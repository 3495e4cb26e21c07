// The page of examples/browser-verify in a real browser: `SCREENSHOTS=<folder>` keeps pictures of it (`pnpm page:pictures`).
import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodePem } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { publish } from 'notarykit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import example from '../../examples/browser-verify/src/example/example.json' with { type: 'json' };
import { bundleForBrowser } from '../support/browser-bundle.js';
import { type Browser, type Page, startChromium } from './support/pages.js';
import { smallPng } from './support/small-png.js';

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
  const shown = await press(page, 'form > button', {
    '[name=policy]': policy,
    '[data-store="ca:page"]': encodePem('CERTIFICATE', lab.authority.root.certificate),
  });
  expect(shown.alert).toBe(false);
  expect(shown.headline).toBe(`✓ trusted: ${host}/net-monitor:v1 (${artifact.digest})`);
  expect(shown.states).toContainEqual(expect.stringMatching(/^✓ passed: integrity: /));
  expect(shown.states).toContainEqual(expect.stringMatching(/^! failed, only logged: revocation: /));
});

test('the example is tried with one click, and is refused when its policy trusts somebody else', async () => {
  const page = await browser.newPage();
  await page.goto(`http://${host}/`);
  const shown = await press(page, '#example', {});
  expect(shown.headline).toMatch(
    /^✓ trusted: registry\.wabbit-networks\.test\/net-monitor:v1 \(sha256:[0-9a-f]{64}\)$/,
  );
  expect(shown.states.filter((text) => /^✓ passed: revocation: /.test(text))).toHaveLength(2);
  expect(shown.states.filter((text) => /^[✗?!–]/.test(text))).toEqual([]);
  await keepPicture(page, 'page.png');

  const others = JSON.stringify(example.policy, undefined, 2).replace('O=Wabbit Networks', 'O=Others');
  const refused = await press(page, 'form > button', { '[name=policy]': others });
  expect(refused.headline).toMatch(/^✗ refused: /);
  expect(refused.states).toContainEqual(expect.stringMatching(/^✗ failed: authenticity: /));
  expect(refused.states.at(-1)).toMatch(/^more: https:\S+\/errors\/ERR_TRUST_NOT_VERIFIED$/);
  await keepPicture(page, 'refused.png');
});

/** Fills fields, presses a button, and gives what the page says when there is a verdict. */
function press(page: Page, button: string, fields: Readonly<Record<string, string>>) {
  return page.evaluate(
    async (given) => {
      for (const [selector, text] of Object.entries(given.fields)) {
        const area = document.querySelector(selector) as HTMLTextAreaElement;
        area.value = text;
        area.dispatchEvent(new Event('input', { bubbles: true }));
      }
      const result = document.querySelector('#result') as HTMLElement;
      result.replaceChildren();
      const headline = new Promise<void>((done) => {
        new MutationObserver(() => result.querySelector('h2') !== null && done()).observe(result, { childList: true });
      });
      (document.querySelector(given.button) as HTMLButtonElement).click();
      await headline;
      return {
        alert: document.querySelector('#no-script') !== null,
        headline: result.querySelector('h2')?.textContent,
        states: [...result.querySelectorAll<HTMLElement>('p, summary')].map(({ textContent }) => textContent ?? ''),
      };
    },
    { button, fields },
  );
}

async function keepPicture(page: Page, name: string): Promise<void> {
  await page.setViewportSize({ width: 900, height: 600 });
  const picture = smallPng(await page.screenshot({ fullPage: true }));
  expect(picture.length).toBeLessThan(150_000);
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined) await writeFile(join(folder, name), picture);
}

test('opened from disk, the page says what it needs', async () => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(folder, 'index.html')).href);
  const alert = await page.evaluate(() => document.querySelector('#no-script')?.textContent, undefined);
  expect(alert).toContain('open it over http');
});
