import type { GraphView } from '@notarykit/artifact-graph';
import type { CallOptions } from '@notarykit/common';
import type { Descriptor } from '@notarykit/oci';
import type { TrustDecision, TrustRequest } from '@notarykit/trust-policy';
import { NotaryKitError } from '../errors.js';
import { decideGate } from './decide-gate.js';
import { decideSignatures } from './decide-signatures.js';
import type { VerdictRequest } from './request.js';
import { endsOf, type Verdict } from './verdict.js';

/**
 * Decides a request over a view: the manifests that it asks for, the artifact itself, then the gate. What refuses ends it.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_PLATFORMS` for an index without a manifest that can run, where those are asked for
 * @throws what the repository says when a list or an index cannot be read
 */
export async function decideVerdict(
  view: GraphView,
  request: VerdictRequest,
  call: CallOptions = {},
): Promise<Verdict> {
  const { subject, trust } = request;
  const signed = trust === undefined ? { manifests: [] } : await decideParts(view, request, trust, call);
  const all = [...signed.manifests, ...('own' in signed && signed.own !== undefined ? [signed.own] : [])];
  const bad = all.find(({ verdict }) => verdict === 'refused' || verdict === 'undecided');
  const parts = { subject, ...signed, validUntil: endsOf(all.map(({ report }) => report.validUntil)) };
  if (bad !== undefined) return { ...parts, verdict: bad.verdict, refusedBy: bad };
  const verdict = all.some((one) => one.verdict === 'skipped') ? 'skipped' : 'trusted';
  if (request.gate === undefined) return { ...parts, verdict };
  const gated = await decideGate(view, request, call);
  const validUntil = endsOf([...all.map(({ report }) => report.validUntil), ...gated.ends]);
  const whole = { ...parts, gate: gated.decision, validUntil };
  if (gated.decision.verdict === 'ALLOW') return { ...whole, verdict };
  return { ...whole, verdict: gated.undecided ? 'undecided' : 'refused' };
}

interface Parts {
  readonly manifests: readonly TrustDecision[];
  /** Absent where only the manifests count. */
  readonly own?: TrustDecision;
}

/** Manifests first; the first that is not trusted says what the verdict is. */
async function decideParts(
  view: GraphView,
  { subject: { descriptor }, platforms }: VerdictRequest,
  trust: TrustRequest,
  call: CallOptions,
): Promise<Parts> {
  const children = platforms === 'index' ? undefined : await childrenOf(view, descriptor, call);
  const manifests: TrustDecision[] = [];
  for (const child of children ?? []) {
    const decision = await decideSignatures(view, child, trust, call);
    manifests.push(decision);
    if (decision.verdict !== 'trusted') return { manifests };
  }
  if (platforms === 'children' && children !== undefined) return { manifests };
  return { manifests, own: await decideSignatures(view, descriptor, trust, call) };
}

/** The manifests of an index that can run; nothing for an artifact that is no index, which has its own signatures alone. */
async function childrenOf(
  view: GraphView,
  artifact: Descriptor,
  call: CallOptions,
): Promise<readonly Descriptor[] | undefined> {
  const { index, runnable } = await view.platforms(artifact, call);
  if (!index) return undefined;
  if (runnable.length > 0) return runnable.map(({ descriptor }) => descriptor);
  throw new NotaryKitError(
    'ERR_NOTARYKIT_PLATFORMS',
    `${view.repository}@${artifact.digest}: the index holds no manifest that can run, so that there is nothing to verify in it`,
  );
}
