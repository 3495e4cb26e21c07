// What the gate costs beside `JSON.parse` of the same bytes, and how much memory a document of 100 MB takes. The memory comes
// first: what a process has once taken it does not give back, and growth could hide in it. Last, what a verification summary spares.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { decide } from '@notarykit/sbom-gate';
import { absentVectors, findVectors } from '../../scripts/vectors.mjs';
import { evidenceOf, now, policyWith, read } from './gate/evidence.js';
import { summaries } from './gate/summary.js';

/** Milliseconds of the fastest of several turns. */
async function fastest(turns: number, work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < turns; i++) {
    const started = performance.now();
    await work();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}

const decoder = new TextDecoder();

/** How long work takes in units of `JSON.parse` of the same bytes: both in turns, of each the least disturbed one. */
async function compare(
  bytes: readonly Uint8Array[],
  work: () => Promise<unknown>,
): Promise<{ ratio: number; ms: number }> {
  let [parse, own] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let turn = 0; turn < 15; turn++) {
    parse = Math.min(parse, await fastest(2, () => bytes.map((one) => JSON.parse(decoder.decode(one)))));
    own = Math.min(own, await fastest(2, work));
  }
  return { ratio: own / parse, ms: own };
}

/** An SPDX document of some size whose bytes never stand in memory together. */
function generated(size: number): ReadableStream<Uint8Array> {
  let [written, i] = [0, 0];
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      let text =
        written === 0 ? '{"spdxVersion":"SPDX-2.3","creationInfo":{"created":"2026-11-24T00:00:00Z"},"packages":[' : '';
      for (const end = text.length + 64 * 1024; text.length < end; i++)
        text += `${i === 0 ? '' : ','}{"SPDXID":"SPDXRef-${i}","name":"package-${i}","versionInfo":"1.${i}.0","downloadLocation":"NOASSERTION","licenseConcluded":"NOASSERTION","licenseDeclared":"MIT","copyrightText":"NOASSERTION","description":"${'x'.repeat(500)}","checksums":[{"algorithm":"SHA1","checksumValue":"${String(i).padStart(40, '0')}"}],"externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:npm/package-${i}@1.${i}.0"}]}`;
      const last = written + text.length >= size;
      controller.enqueue(utf8(last ? `${text}]}` : text));
      written += text.length;
      if (last) controller.close();
    },
  });
}

async function memory(): Promise<void> {
  const before = process.memoryUsage.rss();
  let peak = before;
  const watched = generated(100_000_000).pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        peak = Math.max(peak, process.memoryUsage.rss());
        controller.enqueue(chunk);
      },
    }),
  );
  const document = await read(watched, 'sbom', 'c');
  const decision = decide(
    evidenceOf([document]),
    policyWith({ sbom: { signedBy: ['build'], blockPackages: [{ name: 'telnetd*' }] } }),
    now,
  );
  peak = Math.max(peak, process.memoryUsage.rss());
  if (decision.verdict !== 'ALLOW') throw new Error('the generated document must be allowed');
  const growth = (peak - before) / 1024 / 1024;
  console.log(
    `gate.memory: ${growth.toFixed(0)} MiB for ${decision.counts.components} packages in 100 MB (goal <= 256)`,
  );
}

async function largest(folder: string): Promise<void> {
  const sbom = new Uint8Array(readFileSync(join(folder, 'sbom', 'spdx', 'json', 'large-redis-2.2.spdx.json')));
  const scan = new Uint8Array(readFileSync(join(folder, 'sbom', 'scan', 'grype', 'large-gcf-func.json')));
  const policy = policyWith({
    sbom: {
      signedBy: ['build'],
      requirePackages: [{ purl: 'pkg:deb/debian/libc6' }],
      blockPackages: [{ name: 'telnetd*' }, { purl: 'pkg:deb/debian/xz-utils', versions: 'vers:deb/>=5.6.0|<5.6.1' }],
      licenses: { block: ['AGPL-3.0-only'], unknown: 'ignore' },
    },
    scan: { signedBy: ['build'], maxAge: '9999d', block: { severityAtOrAbove: 'critical' } },
  });
  const { ratio, ms } = await compare([sbom, scan], async () => {
    const documents = [await read(streamOf(sbom), 'sbom', 'c'), await read(streamOf(scan), 'scan', 'd')];
    return decide(evidenceOf(documents), policy, now);
  });
  const size = ((sbom.length + scan.length) / 1e6).toFixed(1);
  console.log(`gate.largest: ${ratio.toFixed(2)} x JSON.parse, ${ms.toFixed(0)} ms for ${size} MB (goal <= 3)`);
}

async function rules(): Promise<void> {
  const components = Array.from({ length: 10_000 }, (_, i) => ({
    type: 'library',
    'bom-ref': `ref-${i}`,
    name: `package-${i}`,
    version: `1.${i % 50}.0`,
    purl: `pkg:npm/package-${i}@1.${i % 50}.0`,
    licenses: [{ license: { id: 'MIT' } }],
    properties: [{ name: 'syft:package:foundBy', value: 'javascript-package-cataloger' }],
  }));
  const bytes = utf8(JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components }));
  const named = Array.from({ length: 500 }, (_, i) => ({
    purl: `pkg:npm/package-${i * 20}`,
    versions: 'vers:npm/<1.0.0',
  }));
  const patterns = Array.from({ length: 500 }, (_, i) => ({ name: `*pack*-${i}-evil*` }));
  const policy = policyWith({ sbom: { signedBy: ['build'], blockPackages: [...named, ...patterns] } });
  const { ratio, ms } = await compare([bytes], async () =>
    decide(evidenceOf([await read(streamOf(bytes), 'sbom', 'c')]), policy, now),
  );
  console.log(
    `gate.rules: ${ratio.toFixed(2)} x JSON.parse, ${ms.toFixed(0)} ms for 1,000 rules x 10,000 packages (goal <= 10)`,
  );
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { folder } = findVectors(process.env, root);
await memory();
if (folder !== undefined) await largest(folder);
else console.log(`gate.largest: ${absentVectors(['sbom'])}`);
await rules();
await summaries();
