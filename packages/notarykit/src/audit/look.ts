import type { CallOptions, Limiter } from '@notarykit/common';
import type { Descriptor, Repository } from '@notarykit/oci';
import type { VerifyArtifactOptions } from '@notarykit/trust-policy';
import type { AuditedManifest, AuditResult, AuditVerdict } from '../audit.js';
import { callOptions, resolveArtifact } from '../reference.js';
import type { Trust } from '../verify.js';
import { childrenOf, isIndex } from './children.js';
import type { AuditItem } from './items.js';
import { type AuditOpinion, type AuditVerifier, judge, problemOf } from './judge.js';
import { readOnce } from './read-once.js';

/** How items are looked at. */
export interface View {
  readonly trust: VerifyArtifactOptions;
  readonly verifier: AuditVerifier;
  readonly against: Partial<Trust> | undefined;
  readonly platforms: 'index' | 'both';
  /** Of all work together, whichever item it is for. */
  readonly limit: Limiter;
}

/** What is to be said of one artifact. Only an abort rejects. */
export async function look(item: AuditItem, view: View): Promise<AuditResult> {
  const call = callOptions(view.trust);
  call.signal?.throwIfAborted();
  const { repository, tags, cursor, problem } = item;
  const about = { repository: repository.name, tags, cursor };
  if (problem !== undefined) return { ...about, verdict: 'error', problem, manifests: [] };
  try {
    const { descriptor, tag } = await view.limit(() => resolveArtifact(repository, item.reference, call));
    const named = { ...about, tags: tag === undefined ? tags : [tag], descriptor };
    const verdict = await judgeTwice(repository, descriptor, view);
    const manifests = view.platforms === 'index' ? [] : await manifestsOf(repository, descriptor, view, call);
    // Whoever signed it: nobody can use an index that cannot be read.
    return { ...named, ...('verdict' in manifests ? { ...manifests, manifests: [] } : { ...verdict, manifests }) };
  } catch (error) {
    call.signal?.throwIfAborted();
    return { ...about, verdict: 'error', problem: problemOf(error), manifests: [] };
  }
}

async function manifestsOf(
  repository: Repository,
  artifact: Descriptor,
  view: View,
  call: CallOptions,
): Promise<readonly AuditedManifest[] | AuditOpinion> {
  if (!isIndex(artifact)) return [];
  try {
    const children = await view.limit(() => childrenOf(repository, artifact, call));
    return await Promise.all(
      children.map(async (descriptor) => ({ descriptor, ...(await judgeTwice(repository, descriptor, view)) })),
    );
  } catch (error) {
    call.signal?.throwIfAborted();
    return { verdict: 'error', problem: problemOf(error) };
  }
}

function judgeTwice(repository: Repository, descriptor: Descriptor, view: View): Promise<AuditVerdict> {
  const { trust, verifier, against, limit } = view;
  return limit(async () => {
    if (against === undefined) return judge(repository, descriptor, { ...trust, verifier });
    const once = readOnce(repository);
    const here = await judge(once, descriptor, { ...trust, verifier });
    const there = await judge(once, descriptor, { ...trust, ...against, verifier });
    const [before, after] = [standing(here), standing(there)];
    return { ...here, against: { ...there, flips: before !== undefined && after !== undefined && before !== after } };
  });
}

/** What an opinion means for a deployment; nothing when it could not be decided. */
function standing({ verdict }: AuditOpinion): 'trusted' | 'skipped' | 'refused' | undefined {
  if (verdict === 'error') return undefined;
  return verdict === 'trusted' || verdict === 'skipped' ? verdict : 'refused';
}
