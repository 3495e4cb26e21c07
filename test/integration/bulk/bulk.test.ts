import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { encodePem } from '@notarykit/pki';
import { createAuthority } from '@notarykit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FileOutcome, readFolder } from '../../bulk/read-folder.mjs';
import { Summary } from '../../bulk/summary.mjs';

const folder = mkdtempSync(join(tmpdir(), 'notarykit-bulk-'));
const outcomes: FileOutcome[] = [];

const cyclonedx = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  components: [{ name: 'a', purl: 'pkg:golang/stdlib@1.21.3' }, { name: 'b', purl: 'nothing' }, { name: 'c' }],
};
const openvex = {
  '@context': 'https://openvex.dev/ns/v0.2.0',
  statements: [{ vulnerability: { name: 'CVE-1' }, status: 'fixed', products: [] }],
};

beforeAll(async () => {
  const { root } = await createAuthority();
  const files: Record<string, string | Uint8Array> = {
    'sbom.json': JSON.stringify(cyclonedx),
    'deep/inside/vex.json': JSON.stringify(openvex),
    'scan.json': JSON.stringify({ SchemaVersion: 2, ArtifactName: 'x', Results: [] }),
    'ca.pem': encodePem('CERTIFICATE', root.certificate),
    'ca.crt': root.certificate,
    'broken.crt': root.certificate.slice(0, 100),
    'broken.json': '{"bomFormat":',
    'other.json': '{}',
    'notes.txt': 'nothing of it',
    empty: '',
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  for await (const outcome of readFolder(folder)) outcomes.push(outcome);
});

afterAll(() => rmSync(folder, { recursive: true }));

test('each file is read by the reader of its kind, refused with a code, or skipped', () => {
  const found = outcomes.map(({ path, kind, refused, skipped, crashed }) => [
    relative(folder, path),
    kind ?? refused?.code ?? crashed ?? skipped,
  ]);
  expect(Object.fromEntries(found)).toEqual({
    'sbom.json': 'sbom cyclonedx 1.6',
    'deep/inside/vex.json': 'vex openvex 0.2.0',
    'scan.json': 'scan trivy 2',
    'ca.pem': 'pki certificates, PEM',
    'ca.crt': 'pki certificate',
    'broken.crt': 'ERR_PKI_ASN1',
    'broken.json': 'EVIDENCE_MALFORMED',
    'other.json': 'EVIDENCE_UNRECOGNISED',
    'notes.txt': true,
    empty: true,
  });
});

test('what is in the documents is counted', () => {
  expect(outcomes.find(({ kind }) => kind === 'sbom cyclonedx 1.6')?.counts).toEqual({
    components: 3,
    'package URLs': 2,
    'that break a rule of their type': 1,
    'that cannot be read': 1,
  });
});

test('the summary has counts, refusals and reasons, and no name of a file forges a line', () => {
  const summary = new Summary();
  for (const outcome of outcomes) summary.add(outcome);
  summary.add({ path: 'a\nread x', crashed: 'TypeError: x\n  at y' });
  const lines = [...summary.lines(10)];
  expect(lines[0]).toBe('11 files: 5 read, 3 refused, 2 skipped, 1 crashed');
  expect(lines.filter((line) => line.includes('EVIDENCE_MALFORMED'))).toEqual([
    'refused   EVIDENCE_MALFORMED: 1 files',
  ]);
  expect(lines.some((line) => line.includes('broken.json: '))).toBe(true);
  expect(lines.join('').includes('\n')).toBe(false);
});

test('of many refusals for one reason only some are listed', () => {
  const summary = new Summary();
  for (let i = 0; i < 5; i++) summary.add({ path: `f${i}`, refused: { code: 'EVIDENCE_MALFORMED', message: 'm' } });
  expect([...summary.lines(2)].slice(1)).toEqual([
    'refused   EVIDENCE_MALFORMED: 5 files',
    '          f0: m',
    '          f1: m',
    '          … and 3 more (--all lists them)',
  ]);
});
