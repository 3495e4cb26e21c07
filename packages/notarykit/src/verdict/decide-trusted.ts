import type { GraphView } from '@notarykit/artifact-graph/internal';
import type { CallOptions } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import { checkTrusted, type TrustDecision, type TrustRequest, type ValidUntil } from '@notarykit/trust-policy/internal';
import { NotaryKitError } from '../errors.js';
import { runnableIn } from '../runnable.js';
import { decideSignatures } from './decide-signatures.js';
import type { Verdict } from './verdict.js';
import type { VerdictRequest } from './verdict-request.js';

/**
 * The part of a verdict that rests on signatures: the manifests that a request asks for, then the artifact itself. A gate is not asked,
 * so that a caller that only verifies does not load one.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_PLATFORMS` for an index without a manifest that can run, where those are asked for
 * @throws what the repository says when a list or an index cannot be read
 */
export async function decideTrusted(
  view: GraphView,
  request: Omit<VerdictRequest, 'gate'>,
  call: CallOptions = {},
): Promise<Verdict> {
  const { subject, trust } = request;
  const signed: Parts = trust === undefined ? { manifests: [] } : await decideParts(view, request, trust, call);
  const all = [...signed.manifests, ...(signed.own === undefined ? [] : [signed.own])];
  const bad = all.find(({ verdict }) => verdict === 'refused' || verdict === 'undecided');
  const parts = { subject, ...signed, validUntil: endsOf(all.map(({ report }) => report.validUntil)) };
  if (bad !== undefined) return { ...parts, verdict: bad.verdict, refusedBy: bad };
  return { ...parts, verdict: all.some((one) => one.verdict === 'skipped') ? 'skipped' : 'trusted' };
}

interface Parts {
  readonly manifests: readonly TrustDecision[];
  /** Absent where only the manifests count. */
  readonly own?: TrustDecision;
}

/** Manifests first; the first that is not trusted says what the verdict is. */
async function decideParts(
  view: GraphView,
  { subject: { descriptor }, platforms }: Omit<VerdictRequest, 'gate'>,
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

/** As {@link runnableIn}, and at least one: an index in which nothing can run must not be trusted for want of signatures to check. */
async function childrenOf(
  view: GraphView,
  artifact: Descriptor,
  call: CallOptions,
): Promise<readonly Descriptor[] | undefined> {
  const runnable = await runnableIn(view, artifact, call);
  if (runnable === undefined || runnable.length > 0) return runnable;
  throw new NotaryKitError(
    'ERR_NOTARYKIT_PLATFORMS',
    `${view.repository}@${artifact.digest}: the index holds no manifest that can run, so that there is nothing to verify in it`,
  );
}

/** The first of some ends. */
export function endsOf(untils: readonly (ValidUntil | undefined)[]): Date | undefined {
  const times = untils.flatMap((until) => (until === undefined ? [] : [Date.parse(until.time)]));
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/**
 * Passes on what signatures say, if it is `trusted` or `skipped`.
 *
 * @throws {TrustError} for anything else
 */
export function checkSigned(verdict: Verdict): Verdict {
  if (verdict.refusedBy !== undefined) checkTrusted(verdict.refusedBy);
  for (const decision of [...verdict.manifests, ...(verdict.own === undefined ? [] : [verdict.own])])
    checkTrusted(decision);
  return verdict;
}
