import {
  type EvidenceClass,
  type EvidenceDocument,
  type GateEvidence,
  type GateRequest,
  parseGatePolicy,
  readDocument,
} from '@notarykit/sbom-gate';

/** The limits of a policy that says nothing of them. */
export const standard = { documentBytes: 128 * 1024 * 1024, depth: 256, items: 500_000 };
const digest = (digit: string): `sha256:${string}` => `sha256:${digit.repeat(64)}`;
export const now = new Date('2026-11-24T12:00:00Z');
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

/** Reads a document as evidence about the image; an error has the code of the limit or problem. */
export async function read(
  stream: ReadableStream<Uint8Array>,
  wanted: EvidenceClass,
  blob: string,
  limits = standard,
): Promise<EvidenceDocument> {
  const outcome = await readDocument(stream, { limits, wanted });
  if ('problem' in outcome) throw Object.assign(new Error(outcome.problem.message), { code: outcome.problem.code });
  // The documents of the corpus are about other images; here they stand for one about this image.
  const content = { ...outcome.content, subject: { digests: [], names: [] } };
  const place = { class: wanted, target: digest('a'), manifest: digest('b'), blob: digest(blob) };
  return { ...place, signatures: [signature], warnings: [], content };
}

/** An image with documents as its only evidence. */
export function evidenceOf(documents: readonly EvidenceDocument[]): GateEvidence {
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

/** A gate with some blocks of a policy. */
export function policyWith(blocks: object): GateRequest {
  const head = {
    version: '1.0',
    name: 'bench',
    signers: { build: { trustPolicy: 'build' } },
    image: { signedBy: ['build'] },
  };
  return { policy: parseGatePolicy(JSON.stringify({ ...head, ...blocks })), rules: [], seen: [] };
}
