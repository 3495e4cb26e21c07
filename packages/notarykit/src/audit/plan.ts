import { verdictNameOf } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import type { AuditProblem } from './judge.js';
import type { AuditedManifest, AuditResult, AuditVerdict } from './result.js';

/** Options of {@link planResigning}. */
export interface PlanResigningOptions {
  /** Signatures that end before this date are to be renewed. Default: 30 days from now. */
  readonly before?: Date;
  /** What is signed of an image index: as in `sign`. Default `index`. */
  readonly platforms?: 'index' | 'children' | 'both';
  /** The present time. Default: the clock, read once. */
  readonly now?: Date;
}

/** A manifest that needs a signature. */
export interface PlannedSigning {
  readonly repository: string;
  readonly descriptor: Descriptor;
  /** Tags of the artifact it is or belongs to. */
  readonly tags: readonly string[];
  /** `ends`: the last trusted signature does; `flips`: the other policy refuses it; `refused`: for the reason in `problem`. */
  readonly why: 'ends' | 'flips' | 'refused';
  /** When it has to be done, RFC 3339. */
  readonly by?: string;
  readonly problem?: AuditProblem;
}

/** Which signatures an audit asks for. */
export interface ResigningPlan {
  /** Trusted today: these can be signed again as they are, the most urgent first. */
  readonly renew: readonly PlannedSigning[];
  /** Not trusted today: a signature would vouch for what no trusted signer vouches for, so a person has to look first. */
  readonly review: readonly PlannedSigning[];
  /** What could not be judged: audit it again. */
  readonly undecided: readonly AuditResult[];
}

const day = 24 * 60 * 60 * 1000;

/**
 * Which signatures are to be made, from the results of an audit: what is trusted and ends soon, or would be refused by the policy it
 * was held against, apart from what must be looked at before anyone signs it. Pure, but for reading the results.
 *
 * @example
 * ```ts
 * const { renew } = await planResigning(audit(repository, { policy, trustStore, revocation }));
 * for (const { descriptor } of renew) await sign(repository, descriptor, { signer });
 * ```
 */
export async function planResigning(
  results: Iterable<AuditResult> | AsyncIterable<AuditResult>,
  options: PlanResigningOptions = {},
): Promise<ResigningPlan> {
  const { now = new Date(), before = new Date(now.getTime() + 30 * day), platforms = 'index' } = options;
  const renew: PlannedSigning[] = [];
  const review: PlannedSigning[] = [];
  const undecided: AuditResult[] = [];
  for await (const result of results) {
    const manifests = manifestsOf(result, platforms);
    if ([result, ...manifests].some(isOpen)) undecided.push(result);
    for (const manifest of manifests) {
      const reason = reasonOf(manifest, before);
      if (reason === undefined) continue;
      const { repository, tags } = result;
      const list = manifest.verdict === 'trusted' ? renew : review;
      list.push({ repository, descriptor: manifest.descriptor, tags, ...reason });
    }
  }
  return { renew: renew.sort(byUrgency), review, undecided };
}

/** Whether it could not be decided, or whether its verdict would turn into something that is not known. */
function isOpen({ verdict, against }: AuditVerdict): boolean {
  if (verdictNameOf(verdict) === 'undecided') return true;
  return against?.flips === true && verdictNameOf(against.verdict) === 'undecided';
}

/** An artifact without platforms is signed itself, whatever is asked of indexes. */
function manifestsOf(result: AuditResult, platforms: 'index' | 'children' | 'both'): readonly AuditedManifest[] {
  const { descriptor, manifests } = result;
  if (descriptor === undefined) return [];
  const own = { ...result, descriptor };
  if (platforms === 'index' || manifests.length === 0) return [own];
  return platforms === 'both' ? [own, ...manifests] : manifests;
}

function reasonOf(
  { verdict, problem, renewBy, against }: AuditVerdict,
  before: Date,
): Pick<PlannedSigning, 'why' | 'by' | 'problem'> | undefined {
  if (verdict === 'refused') return { why: verdict, ...(problem && { problem }) };
  if (verdictNameOf(verdict) === 'undecided') return undefined;
  const refused = against?.flips === true && against.verdict === 'refused';
  const ends = renewBy !== undefined && new Date(renewBy.time) < before ? { by: renewBy.time } : undefined;
  if (refused) return { why: 'flips', ...ends, ...(against.problem && { problem: against.problem }) };
  return ends && { why: 'ends', ...ends };
}

/** The earliest end first; what has none is due with the other policy, last. */
function byUrgency(a: PlannedSigning, b: PlannedSigning): number {
  const [first, second] = [a, b].map(({ by }) => (by === undefined ? Number.POSITIVE_INFINITY : Date.parse(by)));
  return first === second ? 0 : (first ?? 0) - (second ?? 0);
}
