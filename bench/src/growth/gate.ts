import { streamFrom, utf8 } from '@notarykit/common';
import {
  decide,
  type EvidenceClass,
  type EvidenceDocument,
  type GateEvidence,
  type GateRequest,
  parseGatePolicy,
  readDocument,
} from '@notarykit/sbom-gate';
import type { Curve } from './curve.js';

const digest = (digit: string): `sha256:${string}` => `sha256:${digit.repeat(64)}`;
const now = new Date('2026-11-24T12:00:00Z');
const signature = {
  digest: digest('5'),
  subject: 'CN=build',
  thumbprint: '00',
  timeKind: 'rfc3161',
  time: now,
  alias: 'build',
  statement: 'build',
  group: 'build',
} as const;
/** The limits of a policy that says nothing of them. */
const standard = { documentBytes: 128 * 1024 * 1024, depth: 256, items: 500_000 };

/** An SBOM and a scan of so many packages and findings, read and judged. */
export const gateItems: Curve = {
  name: 'gate',
  of: 'packages, and as many findings',
  sizes: [1_000, 10_000, 100_000, 1_000_000],
  quick: 100_000,
  async prepare(size) {
    const run = async (limits: typeof standard): Promise<void> => {
      const sbom = await read(pieces(sbomText(size)), 'sbom', 'c', limits);
      const scan = await read(pieces(scanText(size)), 'scan', 'd', limits);
      const { verdict, counts } = decide(evidenceOf([sbom, scan]), request(), now);
      if (verdict !== 'DENY' || counts.components !== size)
        throw new Error(`${verdict}, ${counts.components} packages`);
    };
    return {
      run: () =>
        run(size <= standard.items ? standard : { ...standard, documentBytes: 256 * 1024 * 1024, items: size }),
      ...(size > standard.items && { refused: () => run(standard) }),
    };
  },
};

async function read(
  stream: ReadableStream<Uint8Array>,
  wanted: EvidenceClass,
  blob: string,
  limits: typeof standard,
): Promise<EvidenceDocument> {
  const outcome = await readDocument(stream, { limits, wanted });
  if ('problem' in outcome) throw Object.assign(new Error(outcome.problem.message), { code: outcome.problem.code });
  const content = { ...outcome.content, subject: { digests: [], names: [] } };
  return {
    class: wanted,
    target: digest('a'),
    manifest: digest('b'),
    blob: digest(blob),
    signatures: [signature],
    warnings: [],
    content,
  };
}

/** A text as a stream, in pieces of about 64 KiB, never whole in memory. */
function pieces(texts: Iterator<string>): ReadableStream<Uint8Array> {
  return streamFrom({
    async read() {
      let text = '';
      for (let next = texts.next(); next.done !== true; next = texts.next()) {
        text += next.value;
        if (text.length > 64 * 1024) break;
      }
      return text === '' ? undefined : utf8(text);
    },
    cancel: async () => undefined,
  });
}

function* sbomText(count: number): Generator<string> {
  yield '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[';
  for (let i = 0; i < count; i++)
    yield `${i === 0 ? '' : ','}{"type":"library","bom-ref":"ref-${i}","name":"package-${i}","version":"1.${i % 50}.0","purl":"pkg:npm/package-${i}@1.${i % 50}.0","licenses":[{"license":{"id":"MIT"}}]}`;
  yield ']}';
}

function* scanText(count: number): Generator<string> {
  yield '{"SchemaVersion":2,"ArtifactName":"app","CreatedAt":"2026-11-24T11:00:00Z","Results":[{"Target":"app","Class":"lang-pkgs","Type":"npm","Vulnerabilities":[';
  for (let i = 0; i < count; i++)
    yield `${i === 0 ? '' : ','}{"VulnerabilityID":"CVE-2026-${i}","PkgName":"package-${i}","InstalledVersion":"1.${i % 50}.0","PkgIdentifier":{"PURL":"pkg:npm/package-${i}@1.${i % 50}.0"},"Severity":"${i % 10 === 0 ? 'CRITICAL' : 'LOW'}"}`;
  yield ']}]}';
}

function evidenceOf(documents: readonly EvidenceDocument[]): GateEvidence {
  return {
    image: { digest: digest('a'), signatures: [signature], untrusted: [] },
    platforms: [{ platform: 'linux/amd64', digest: digest('a') }],
    others: [],
    missingPlatforms: [],
    documents,
    ignored: [],
    problems: [],
  };
}

function request(): GateRequest {
  const policy = parseGatePolicy(
    JSON.stringify({
      version: '1.0',
      name: 'bench',
      signers: { build: { trustPolicy: 'build' } },
      image: { signedBy: ['build'] },
      sbom: { signedBy: ['build'], blockPackages: [{ name: 'telnetd*' }], licenses: { block: ['AGPL-3.0-only'] } },
      scan: { signedBy: ['build'], maxAge: '9999d', requireCoverage: [], block: { severityAtOrAbove: 'critical' } },
    }),
  );
  return { policy, rules: [], seen: [] };
}
