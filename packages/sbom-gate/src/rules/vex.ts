import type { EvidenceDocument, PlatformEvidence } from '../evidence/evidence.js';
import type { VexPolicy } from '../policy/document.js';
import type { VexDocument } from '../vex/document.js';
import { isExpired } from './binding.js';
import type { DecisionContext } from './context.js';
import type { PackageIdentity } from './identity.js';
import { VexMatcher } from './vex/match.js';

/** What VEX says of a finding. */
export interface VexVerdict {
  readonly accepted: boolean;
  readonly message: string;
}

/** The VEX statements that count for one platform. */
export class VexTable {
  readonly #matcher: VexMatcher | undefined;

  constructor(context: DecisionContext) {
    const { policy, evidence } = context;
    if (policy.vex === undefined) return;
    const vex = policy.vex;
    const documents = evidence.documents.filter(
      (document) => document.class === 'vex' && document.content !== undefined && isAccepted(document, vex, context),
    );
    this.#matcher = new VexMatcher(documents, vex, context);
  }

  /** The verdict for a finding; nothing when no statement is about it. */
  find(
    ids: readonly string[],
    identity: PackageIdentity | undefined,
    platform: PlatformEvidence,
  ): VexVerdict | undefined {
    return this.#matcher?.find(ids, identity, platform);
  }

  /** Why statements about a finding's vulnerability are not about the finding. */
  whyUnmet(ids: readonly string[], identity: PackageIdentity | undefined): readonly string[] {
    return this.#matcher?.whyUnmet(ids, identity) ?? [];
  }

  /** Documents of which a statement was believed. */
  get used(): Iterable<EvidenceDocument> {
    return this.#matcher?.used ?? [];
  }

  /** Statements that no finding met, as text. */
  unmatched(most: number): readonly string[] {
    return this.#matcher?.unmatched(most) ?? [];
  }
}

/** Whether the statements of a document count; if not, it is set aside with the reason. */
function isAccepted(document: EvidenceDocument, { formats }: VexPolicy, context: DecisionContext): boolean {
  const { format } = document.content as VexDocument;
  if (isExpired(document, context))
    context.setAside(document, {}, 'vex', 'EVIDENCE_EXPIRED', 'too few signatures of the document have not expired');
  else if (!formats.includes(format)) {
    const message = `format ${format} is not in vex.formats (${formats.join(', ')})`;
    context.setAside(document, {}, 'vex.formats', 'FORMAT_NOT_ACCEPTED', message);
  } else return true;
  return false;
}
