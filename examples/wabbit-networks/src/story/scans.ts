import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { utf8 } from '@notarykit/common';
import { type Descriptor, fetchBytes, fetchManifest, type Repository } from '@notarykit/oci';
import { readDocumentBytes, type ScanReport } from '@notarykit/sbom-gate';
import { signFile, type Trust, verify } from 'notarykit';
import { gatePolicy } from './policies.js';
import type { Account } from './print.js';
import type { Setup } from './setup.js';

const run = promisify(execFile);

/** A program that scans: the path of the SBOM is its last argument, SOURCE_DATE_EPOCH its time, and it prints a report. */
export interface Scanner {
  /** What it looks packages up in. */
  readonly source: string;
  readonly command: readonly [program: string, ...options: string[]];
}

/** The scan company takes the SBOM that is attached to the image and signed, scans, attaches its report and signs that. */
export async function scanImage(
  { privateRegistry, signers, now }: Setup,
  { image, scanner, trust }: { readonly image: Descriptor; readonly scanner: Scanner; readonly trust: Trust },
  { step, quote }: Account,
): Promise<ScanReport> {
  const repository = privateRegistry.client.repository('net-monitor');
  const content = await runScanner(scanner, await signedSbom(repository, image, trust), now());
  const report = readReport(content);
  step(`the scan company looks the packages of the signed SBOM up in ${scanner.source}`);
  const found = report.findings.map(
    ({ id, package: of, severity }) => `${id} in ${of?.name} ${of?.version}: ${severity}`,
  );
  quote(found.join('\n') || 'nothing is known of them');
  const { artifact } = await signFile(repository, {
    files: [{ name: 'scan.json', mediaType: 'application/json', content }],
    subject: image,
    artifactType: 'application/vnd.scan-company.report+json',
    signer: signers.scanner,
    now: now(),
  });
  step('the scan report is attached and signed by the scan company', artifact.digest);
  return report;
}

/** A list of referrers is a hint: what counts is the signature, and the subject inside the manifest. */
async function signedSbom(repository: Repository, image: Descriptor, trust: Trust): Promise<Uint8Array> {
  for await (const referrer of repository.referrers(image, { artifactType: 'application/vnd.cyclonedx+json' })) {
    const { verdict, descriptor } = await verify(repository, referrer, trust);
    if (verdict !== 'trusted') continue;
    const { manifest } = await fetchManifest(repository, descriptor);
    if (manifest.kind === 'image' && manifest.subject?.digest === image.digest && manifest.layers[0] !== undefined)
      return await fetchBytes(repository, manifest.layers[0]);
  }
  throw new Error(`no SBOM is attached to ${image.digest}`);
}

async function runScanner({ command }: Scanner, sbom: Uint8Array, now: Date): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'wabbit-scan-'));
  try {
    const path = join(folder, 'sbom.cdx.json');
    await writeFile(path, sbom);
    const [program, ...options] = command;
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(Math.floor(now.getTime() / 1000)) };
    return utf8((await run(program, [...options, path], { env, maxBuffer: 1 << 26 })).stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The report as the gate reads it. */
function readReport(content: Uint8Array): ScanReport {
  const read = readDocumentBytes(content, { limits: gatePolicy.limits, wanted: 'scan' });
  if ('problem' in read) throw new Error(`the scanner wrote no report: ${read.problem.message}`);
  return read.content as ScanReport;
}
