import { type GraphView, openGraph } from '@notarykit/artifact-graph/internal';
import type { CallOptions, Limiter } from '@notarykit/common/internal';
import type { Descriptor, Repository } from '@notarykit/oci/internal';
import type { ArtifactTrustOptions } from '@notarykit/trust-policy/internal';
import { callOptions } from '../reference.js';
import type { Trust } from '../trust.js';
import { isIndex } from './is-index.js';
import type { AuditItem } from './items.js';
import {
  type AuditedRepository,
  type AuditOpinion,
  type AuditProblem,
  type AuditVerifier,
  judge,
  problemOf,
} from './judge.js';
import { type Seen, seenOf, unseen } from './record/see.js';
import type { AuditResult, AuditVerdict } from './result.js';

/** How items are looked at. */
export interface Audit {
  readonly trust: ArtifactTrustOptions;
  readonly verifier: AuditVerifier | undefined;
  readonly against: Partial<Trust> | undefined;
  readonly platforms: 'index' | 'both';
  /** Of all work together, whichever item it is for. */
  readonly limit: Limiter;
  /** A view of a repository, for one item. */
  readonly viewOf: (repository: Repository) => GraphView;
  /** Takes what was seen of a manifest; without it nothing is kept. */
  readonly see: ((seen: Seen) => void) | undefined;
}

/**
 * Views of repositories, one for each item. Grouped, they share content, which is bounded; what is remembered otherwise belongs to the
 * item, for it would grow with their number.
 */
export function viewsOf(group: 'digest' | 'none'): Audit['viewOf'] {
  const views = new WeakMap<Repository, GraphView>();
  if (group === 'none') return (repository) => openGraph(repository);
  return (repository) => {
    const view = views.get(repository) ?? openGraph(repository);
    views.set(repository, view);
    return view.again();
  };
}

/** The audit result of one artifact. Rejects only when it is aborted. */
export async function auditItem(item: AuditItem, audit: Audit): Promise<AuditResult> {
  const call = callOptions(audit.trust);
  call.signal?.throwIfAborted();
  const { repository, tags, cursor, problem } = item;
  const about = { repository: repository.name, tags, cursor };
  const failed = (why: AuditProblem): AuditResult => {
    audit.see?.(unseen(repository, why));
    return { ...about, verdict: 'undecided', problem: why, manifests: [] };
  };
  if (problem !== undefined) return failed(problem);
  try {
    const audited = { repository, view: audit.viewOf(repository) };
    const { descriptor, tag } = await audit.limit(() => audited.view.resolve(item.reference, call));
    const named = { ...about, tags: tag === undefined ? tags : [tag], descriptor };
    const verdict = await judgeTwice(audited, descriptor, audit);
    const parts = audit.platforms === 'index' ? { manifests: [] } : await partsOf(audited, descriptor, audit, call);
    // Whatever its signatures: an index that cannot be read cannot be used.
    return { ...named, ...('verdict' in parts ? { ...parts, manifests: [] } : { ...verdict, ...parts }) };
  } catch (error) {
    call.signal?.throwIfAborted();
    return failed(problemOf(error));
  }
}

/** The manifests of an index that can run, and the attestations beside them, which are not judged. */
async function partsOf(
  audited: AuditedRepository,
  artifact: Descriptor,
  audit: Audit,
  call: CallOptions,
): Promise<Pick<AuditResult, 'manifests' | 'attestations'> | AuditOpinion> {
  if (!isIndex(artifact)) return { manifests: [] };
  try {
    const { index, runnable, attestations } = await audit.limit(() => audited.view.platforms(artifact, call));
    if (!index) return { manifests: [] };
    const manifests = await Promise.all(
      runnable.map(async ({ descriptor, platform }) => ({
        descriptor: { ...plain(descriptor), ...(platform && { platform }) },
        ...(await judgeTwice(audited, descriptor, audit)),
      })),
    );
    const beside = attestations.map(({ descriptor, target }) => ({ descriptor: plain(descriptor), target }));
    return beside.length === 0 ? { manifests } : { manifests, attestations: beside };
  } catch (error) {
    call.signal?.throwIfAborted();
    const problem = problemOf(error);
    audit.see?.(unseen(audited.repository, problem, artifact));
    return { verdict: 'undecided', problem };
  }
}

function plain({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}

function judgeTwice(audited: AuditedRepository, descriptor: Descriptor, audit: Audit): Promise<AuditVerdict> {
  const { trust, verifier, against, limit, see } = audit;
  return limit(async () => {
    const here = await judge(audited, descriptor, { ...trust, verifier });
    if (see !== undefined) see(await seenOf(audited, descriptor, here, trust));
    if (against === undefined) return here;
    const there = await judge(audited, descriptor, { ...trust, ...against, verifier });
    const known = ![here.verdict, there.verdict].includes('undecided');
    return { ...here, against: { ...there, flips: known && here.verdict !== there.verdict } };
  });
}
