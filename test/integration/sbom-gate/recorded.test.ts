import { readFile } from 'node:fs/promises';
import { utf8 } from '@notarykit/common';
import {
  type EvidenceClass,
  type EvidenceDocument,
  type GateDecision,
  parseGatePolicy,
  readDocumentBytes,
} from '@notarykit/sbom-gate';
import { describe, expect, it } from 'vitest';
import { policyOf } from './gate-lab.ts';
import { digest, judge, signature } from './judge.ts';

/** The image that the recorded documents are about. */
const recorded = 'sha256:8e460ec1592b92724898abd71c2bc60c01364f2801897b77488992274af0178d';
const hour = 60 * 60 * 1000;
const scanned = Date.parse('2026-11-24T14:06:18Z');

const policy = parseGatePolicy(
  utf8(
    JSON.stringify(
      policyOf({
        sbom: {
          signedBy: ['build'],
          formats: ['spdx-2', 'cyclonedx'],
          binding: 'subject-and-document',
          requirePackages: [{ purl: 'pkg:deb/debian/ca-certificates', versions: 'vers:deb/>=20230311' }],
          blockPackages: [{ name: 'telnetd*' }],
        },
        scan: {
          signedBy: ['build'],
          formats: ['grype'],
          maxAge: '7d',
          onStale: 'rescan',
          block: { severityAtOrAbove: 'critical' },
          requireCoverage: ['os'],
        },
      }),
    ),
  ),
);

async function recording(name: string, wanted: EvidenceClass, target: `sha256:${string}`): Promise<EvidenceDocument> {
  const bytes = await readFile(new URL(`./recorded/net-monitor.${name}.json`, import.meta.url));
  const read = readDocumentBytes(bytes, { limits: policy.limits, wanted });
  const manifest = digest(String(name.length));
  return { class: wanted, target, manifest, blob: manifest, signatures: [signature], warnings: [], ...read };
}

async function decideFor(image: `sha256:${string}`, hours: number, sboms = ['spdx', 'cdx']): Promise<GateDecision> {
  const documents = [
    ...(await Promise.all(sboms.map((name) => recording(name, 'sbom', image)))),
    await recording('grype', 'scan', image),
  ];
  return judge(documents, policy, { of: image, now: new Date(scanned + hours * hour) });
}

const codesOf = ({ outcomes }: GateDecision): readonly string[] => outcomes.map(({ code }) => code);

describe('documents of syft and Grype, byte for byte', () => {
  it('allow the image that they were made of', async () => {
    expect(await decideFor(recorded, 6)).toMatchObject({
      verdict: 'ALLOW',
      counts: { components: 12, findings: 2, blocking: 0 },
    });
  });

  it.each(['spdx', 'cdx'])('allow it with only the SBOM %s', async (name) => {
    expect(await decideFor(recorded, 6, [name])).toMatchObject({ verdict: 'ALLOW' });
  });

  it('allow no other image: each names the one that it is about', async () => {
    const decision = await decideFor(digest('a'), 6);
    expect(decision.verdict).toBe('DENY');
    expect(decision.evidence.used).toEqual([]);
    expect(codesOf(decision)).toEqual(expect.arrayContaining(['SBOM_MISSING', 'SCAN_MISSING']));
  });

  it('ask for a new scan when the report has become stale', async () => {
    const decision = await decideFor(recorded, 8 * 24);
    expect(decision.verdict).toBe('RESCAN');
    expect(codesOf(decision)).toContain('SCAN_STALE');
  });
});
