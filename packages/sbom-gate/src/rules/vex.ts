import type { EvidenceDocument, PlatformEvidence } from '../evidence/evidence.js';
import type { VexDocument } from '../vex/document.js';
import { VexMatcher } from '../vex/match.js';
import { isExpired } from './binding.js';
import type { DecisionContext } from './context.js';
import type { PackageIdentity } from './identity.js';

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
    const accepted = policy.vex.formats;
    const documents = evidence.documents.filter(
      (document) =>
        document.class === 'vex' &&
        document.content !== undefined &&
        !isExpired(document, context) &&
        accepted.includes((document.content as VexDocument).format),
    );
    this.#matcher = new VexMatcher(documents, policy.vex, context);
  }

  /** The verdict for a finding; nothing when no statement is about it. */
  find(
    ids: readonly string[],
    identity: PackageIdentity | undefined,
    platform: PlatformEvidence,
  ): VexVerdict | undefined {
    return this.#matcher?.find(ids, identity, platform);
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
