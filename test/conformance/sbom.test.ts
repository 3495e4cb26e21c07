import { readFileSync } from 'node:fs';
import { isCodedError } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { type EvidenceClass, type ReadDocumentOutcome, readDocument } from '@notarykit/sbom-gate';
import { type EvidenceContent, JsonScanner, type JsonSink } from '@notarykit/sbom-gate/internal';
import { expect, test } from 'vitest';
import { countVectors, vectorBytes, vectorList, vectorPath, vectorSet } from '../vectors.ts';

const limits = { documentBytes: 128 * 1024 * 1024, depth: 256, items: 500_000 };

function read(path: string, wanted?: EvidenceClass): Promise<ReadDocumentOutcome> {
  const bytes = vectorBytes('sbom', ...path.split('/'));
  return readDocument(streamOf(bytes), { limits, ...(wanted === undefined ? {} : { wanted }) });
}

/** A row of a table in the README of the vectors: path, format and counts. */
interface Row {
  readonly path: string;
  readonly format: string;
  readonly counts: string;
  readonly odd: string;
}

function rows(folder: string): readonly Row[] {
  const text = readFileSync(vectorPath('sbom', 'README.md'), 'utf8');
  return text.split('\n').flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const path = /^`(.+)`$/.exec(cells[1] ?? '')?.[1];
    if (path === undefined || !path.startsWith(folder) || cells.length < 8) return [];
    return [{ path, format: cells[4] ?? '', counts: cells[5] ?? '', odd: cells[7] ?? '' }];
  });
}

/** The number before a word in the counts of a row. */
function count(row: Row, word: string): number | undefined {
  const match = new RegExp(`(\\d+) ${word}`).exec(row.counts);
  return match === null ? undefined : Number(match[1]);
}

function contentOf(outcome: ReadDocumentOutcome): EvidenceContent {
  if ('problem' in outcome) throw new Error(`${outcome.problem.code}: ${outcome.problem.message}`);
  return outcome.content;
}

/** Files that are refused, with the code: broken, in a form that is not read, or no document of this kind. */
const refused: ReadonlyMap<string, string> = new Map([
  ['spdx/json/invalid-guac.spdx.json', 'EVIDENCE_UNRECOGNISED'],
  ['spdx/json/ratify-invalid-bom.spdx.json', 'EVIDENCE_UNRECOGNISED'],
  ['spdx/json/spec-v2.2.0-wrapped.spdx.json', 'SBOM_FORMAT_UNSUPPORTED'],
  ['spdx/json/utf16.spdx.json', 'EVIDENCE_MALFORMED'],
  ['spdx/other/spec-v2.3.spdx.xml', 'SBOM_FORMAT_UNSUPPORTED'],
  ['spdx/other/spec-v2.3.spdx.yaml', 'SBOM_FORMAT_UNSUPPORTED'],
  ['cyclonedx/json/invalid-guac.cdx.json', 'EVIDENCE_UNRECOGNISED'],
  ['cyclonedx/spec/invalid-bomformat-1.2.cdx.json', 'EVIDENCE_UNRECOGNISED'],
  ['syft/image-latest-schema.syft.json', 'EVIDENCE_UNRECOGNISED'],
  ['scan/sarif/ratify-bad_schema.sarif', 'SCAN_UNREADABLE'],
  ['scan/sarif/ratify-mismatch_schema.sarif', 'SCAN_UNREADABLE'],
  ['scan/trivy/kubernetes.json', 'SCAN_UNREADABLE'],
  ['scan/trivy/legacy_many_vulns.json', 'SCAN_UNREADABLE'],
  ['scan/trivy/legacy_no_vuln.json', 'SCAN_UNREADABLE'],
]);

/** Format family of a row's words. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^SPDX (JSON|tag-value) 2/, 'spdx-2'],
  [/^SPDX JSON-LD/, 'spdx-3'],
  [/^CycloneDX/, 'cyclonedx'],
  [/^syft/, 'syft'],
  [/^Trivy/, 'trivy'],
  [/^Grype/, 'grype'],
  [/^SARIF/, 'sarif'],
  [/^Snyk/, 'snyk'],
  [/^OpenVEX/, 'openvex'],
  [/^CSAF/, 'csaf'],
];

/** What the row says and what the reader found, as pairs that must be equal. */
function compare(row: Row, content: EvidenceContent): readonly (readonly [string, unknown, unknown])[] {
  const family = families.find(([pattern]) => pattern.test(row.format))?.[1];
  const pairs: [string, unknown, unknown][] = [['format', content.format, family]];
  if (content.class === 'sbom') {
    const own = content.components.filter(({ pointer }) => pointer !== '/metadata/component').length;
    const left = Number(/^(\d+) entries/.exec(content.warnings[0] ?? '')?.[1] ?? 0);
    const spdx3 = (count(row, 'software_Package') ?? 0) + (count(row, 'AI/dataset packages') ?? 0);
    const expected = row.format.startsWith('SPDX JSON-LD')
      ? spdx3
      : (count(row, 'packages') ?? count(row, 'components') ?? count(row, 'artifacts'));
    pairs.push([
      'packages',
      own + (row.odd.includes('contains null') && left > 0 && expected !== own ? left : 0),
      expected,
    ]);
  } else if (content.class === 'scan') {
    const places = new Set([...content.findings, ...content.suppressed].map(({ pointer }) => pointer)).size;
    const snyk = (count(row, 'findings') ?? 0) + Number(/\+ (\d+) in/.exec(row.counts)?.[1] ?? 0);
    const expected =
      content.format === 'snyk'
        ? snyk
        : (count(row, 'vulnerabilities') ?? count(row, 'matches') ?? count(row, 'results') ?? 0);
    pairs.push(['findings', places - (content.format === 'trivy' ? content.suppressed.length : 0), expected]);
    const distinct = count(row, 'distinct ids');
    if (distinct !== undefined) pairs.push(['ids', new Set(content.findings.map(({ id }) => id)).size, distinct]);
  } else if (content.format === 'openvex')
    pairs.push(['statements', content.statements.length, count(row, 'statements')]);
  return pairs;
}

const classes: ReadonlyMap<string, EvidenceClass> = new Map([
  ['scan/', 'scan'],
  ['vex/', 'vex'],
]);

vectorSet('sbom', 'sbom', () => {
  test.for(['spdx/', 'cyclonedx/', 'syft/', 'scan/', 'vex/'])('counts of every file in %s', async (folder, context) => {
    const all = rows(folder);
    const wrong: unknown[] = [];
    for (const row of all) {
      const outcome = await read(row.path, classes.get(folder));
      const code = refused.get(row.path);
      if (code !== undefined) {
        if (!('problem' in outcome) || outcome.problem.code !== code) wrong.push([row.path, outcome]);
        continue;
      }
      for (const [what, found, expected] of compare(row, contentOf(outcome)))
        if (found !== expected) wrong.push([row.path, what, found, expected]);
    }
    expect(wrong).toEqual([]);
    expect(all.length).toBeGreaterThan(0);
    countVectors(context, all.length, all.length);
  });

  test('vulnerabilities in CycloneDX inventories', async (context) => {
    const listed = rows('cyclonedx/').filter((row) => count(row, 'vulnerabilities') !== undefined);
    for (const row of listed) {
      const content = contentOf(await read(row.path, 'scan'));
      const places = content.class === 'scan' ? new Set(content.findings.map(({ pointer }) => pointer)).size : -1;
      expect([row.path, places]).toEqual([row.path, count(row, 'vulnerabilities')]);
    }
    countVectors(context, listed.length, listed.length);
  });

  test('the documents inside statements, envelopes and bundles', async (context) => {
    const expected: readonly [string, string, number][] = [
      ['cyclonedx-cosign-data.dsse.json', 'cyclonedx', 9],
      ['cyclonedx.dsse.json', 'cyclonedx', 3],
      ['cyclonedx.sigstore-bundle.json', 'cyclonedx', 2],
      ['novuln-v0.1.intoto.json', 'in-toto-vulns', 0],
      ['novuln-v0.2.intoto.json', 'in-toto-vulns', 0],
      ['vuln-v0.1.intoto.json', 'in-toto-vulns', 8],
      ['vuln-v0.2.intoto.json', 'in-toto-vulns', 8],
      ['syft-with-intoto-string.syft.json', 'syft', 4],
    ];
    for (const [file, format, size] of expected) {
      const content = contentOf(await read(`attestation/${file}`));
      const found = content.class === 'sbom' ? content.components.filter(({ root }) => root !== true).length : -1;
      const findings = content.class === 'scan' ? content.findings.length : found;
      expect([file, content.format, findings]).toEqual([file, format, size]);
    }
    const bare = contentOf(await read('attestation/cosign-vuln-predicate.json'));
    expect(bare.class === 'scan' && bare.failed).toMatch(/scanner\.result/);
    countVectors(context, expected.length + 1, expected.length + 1);
  });

  test.for(vectorList('sbom', 'json-testsuite', 'test_parsing'))('JSON suite %s', (file) => {
    const bytes = vectorBytes('sbom', 'json-testsuite', 'test_parsing', file);
    const sink: JsonSink = {
      member: () => 'value',
      value: () => undefined,
      item: () => undefined,
      bytes: () => undefined,
    };
    const parse = (): void => {
      const scanner = new JsonScanner(sink, { maxDepth: 256 });
      scanner.write(bytes);
      scanner.end();
    };
    if (file.startsWith('y_') && !/duplicated_key/.test(file)) parse();
    else if (file.startsWith('n_') || /duplicated_key/.test(file)) expect(parse).toThrow(/./);
    else {
      // Free by the suite: read or refused with a code, and nothing else.
      try {
        parse();
      } catch (error) {
        expect(isCodedError(error)).toBe(true);
      }
    }
  });
});
