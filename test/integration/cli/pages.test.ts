import { writeFile } from 'node:fs/promises';
import { attachReferrer, packArtifact } from '@notarykit/artifact-graph';
import { formatTime } from '@notarykit/common';
import { describe } from '@notarykit/oci';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { setUpDesk } from '../../../examples/cli-session/src/session/desk.js';
import { markup } from '../../../packages/cli/src/shell/html/markup.js';
import { runHere } from '../../support/run-here.js';

const hostile = '</pre><script>alert(1)</script><img src=x onerror="alert(2)">\u202e\'"&';
const home = process.cwd();
let desk: Awaited<ReturnType<typeof setUpDesk>>;
let image: string;
beforeAll(async () => {
  desk = await setUpDesk();
  for (const [name, value] of Object.entries(desk.env)) vi.stubEnv(name, value);
  process.chdir(desk.folder);
  image = `${desk.host}/net-monitor:v1`;
  const identity = 'x509.subject:C=US,ST=WA,O=Wabbit Networks';
  await runHere([
    'policy',
    'init',
    '--name',
    'wabbit-networks',
    '--trust-store',
    'ca:wabbit-networks',
    '--trusted-identity',
    identity,
  ]);
});
afterAll(async () => {
  process.chdir(home);
  vi.unstubAllEnvs();
  await desk.close();
});

const tags =
  'html head meta title style body h1 h2 table caption thead tbody tr th td span p ul li strong code br pre'.split(' ');

/** A page that fetches nothing, runs nothing, and has no tag but those that we write. */
async function pageOf(code: number, ...words: readonly string[]): Promise<string> {
  const ended = await runHere([...words, '--format', 'html']);
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: '' });
  expect(ended.stdout).toMatch(/^<!doctype html>\n.*<\/html>\n$/s);
  const found = [...ended.stdout.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, tag = '']) => tag);
  expect([...new Set(found)].filter((tag) => !tags.includes(tag))).toEqual([]);
  expect(ended.stdout).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(ended.stdout).not.toMatch(/\s(?:src|href|on[a-z]+)="/);
  return ended.stdout;
}

it('PAGE_ESCAPED escapes text in every position', () => {
  const inner = markup`<b title="${hostile}">${hostile}</b>`;
  expect(markup`<p>${[inner, inner]}${undefined}${7}</p>`.toString()).toBe(`<p>${inner}${inner}7</p>`);
  expect(inner.toString()).not.toMatch(/<(?!\/?b)/);
  expect(inner.toString()).toContain('\\u202e&#39;&quot;&amp;');
});

it('an unsigned artifact, then a signed one', async () => {
  const refused = await pageOf(1, 'verify', image);
  expect(refused).toContain('<h1 class="no">Refused: ');
  expect(refused).toContain('sign the artifact');
  expect(await runHere(['sign', image])).toMatchObject({ code: 0 });
  const trusted = await pageOf(0, 'verify', image);
  expect(trusted).toContain('<h1 class="yes">Trusted: ');
  expect(trusted).toContain('<td>authenticity</td><td><span class="yes">passed</span></td>');
});

it('what refers to an artifact, with what its authors wrote', async () => {
  const layers = [{ mediaType: 'text/plain', content: new Uint8Array([1]) }];
  await packArtifact(desk.repository, { artifactType: 'a/b', layers, tags: ['hostile'] });
  await attachReferrer(desk.repository, 'hostile', { artifactType: 'a/b', annotations: { [hostile]: hostile } });
  const page = await pageOf(0, 'discover', `${desk.host}/net-monitor:hostile`);
  expect(page).toContain('&lt;script&gt;alert(1)');
  expect(page).toContain('Nothing here is verified');
});

it('a decision, and one that denies', async () => {
  expect(await pageOf(0, 'gate', '--gate-policy', 'gate.yaml', image)).toContain('<h1 class="yes">ALLOW: ');
  const strict = {
    version: '1.0',
    name: 'strict',
    signers: { build: { trustPolicy: 'wabbit-networks' } },
    image: { signedBy: ['build'] },
    sbom: { signedBy: ['build'] },
  };
  await writeFile('strict.json', JSON.stringify(strict));
  const denied = await pageOf(1, 'gate', '--gate-policy', 'strict.json', image);
  expect(denied).toContain('<h1 class="no">DENY: ');
});

it('a decision as of another time states it in each format, also a denial', async () => {
  const gate = (at: string, ...more: string[]) => ['gate', '--gate-policy', 'gate.yaml', '--at', at, ...more, image];
  const past = '1990-01-01T00:00:00Z';
  expect(await pageOf(1, ...gate(past))).toContain(`<td>as of</td><td>${past} (--at), not of now</td>`);
  const denied = await runHere(gate('1990-01-01'));
  expect(denied).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`Decided as of ${past} (--at), not of now`),
  });
  const soon = formatTime(new Date(Date.now() + 60_000));
  const allowed = await runHere(gate(soon));
  expect(allowed).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`Decided as of ${soon} (--at), not of now`),
  });
  const { stdout } = await runHere(gate(soon, '--json'));
  expect(Date.parse((JSON.parse(stdout) as { readonly at: string }).at)).toBe(Date.parse(soon));
  expect(await pageOf(0, 'gate', '--gate-policy', 'gate.yaml', image)).not.toContain('as of');
});

it('AUDIT_PAGE an audit of what is all trusted, of what is not, and of nothing', async () => {
  const repository = desk.registry.repository('audited');
  const content = new Uint8Array([1]);
  const layers = [{ mediaType: 'text/plain', content }];
  await packArtifact(repository, { artifactType: 'a/b', tags: ['signed'] });
  expect(await runHere(['sign', `${desk.host}/audited:signed`])).toMatchObject({ code: 0 });
  expect(await pageOf(0, 'audit', `${desk.host}/audited`)).toContain('<h1 class="yes">Audit of ');
  await desk.registry.repository('empty').push(describe('text/plain', content), content);
  expect(await pageOf(0, 'audit', `${desk.host}/empty`)).toContain('<h1 class="neutral">Audit of ');
  await packArtifact(repository, { artifactType: 'a/b', layers, tags: ['bare'] });
  const page = await pageOf(1, 'audit', `${desk.host}/audited`);
  expect(page).toContain('<span class="no">refused</span></td><td>bare</td>');
  expect(page).toContain('<h1 class="no">Audit of ');
});

it('a failure without a verdict is printed as text, and other commands have no page', async () => {
  const failed = await runHere(['verify', '--format', 'html', `${desk.host}/net-monitor:none`]);
  expect(failed).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('MANIFEST_UNKNOWN') });
  expect(await runHere(['list', '--format', 'html', image])).toMatchObject({ code: 2, stdout: '' });
});
