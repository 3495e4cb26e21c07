import type { EvidenceDocument, GateEvidence, PlatformEvidence } from '../evidence/evidence.js';
import type { VexPolicy } from '../policy/document.js';
import { type Purl, parsePurl } from '../purl/parse.js';
import { reportTime } from '../rules/freshness.js';
import type { Identity, PackageIdentity } from '../rules/identity.js';
import { digestIn } from '../sbom/subject.js';
import type { VexDocument, VexProduct, VexStatement, VexStatus } from './document.js';

interface Entry {
  readonly document: EvidenceDocument;
  readonly statement: VexStatement;
  readonly time: number;
}

/** What the statements say of a finding. */
export interface VexMatch {
  readonly accepted: boolean;
  readonly message: string;
}

/** How a statement is about a package: not, loosely (no version anywhere), or surely. */
type ProductMatch = 'no' | 'unversioned' | 'yes';

/** Finds the statement that is about a finding: the newest one; of two from one moment the less favourable one. */
export class VexMatcher {
  /** Documents of which a statement was believed. */
  readonly used: Set<EvidenceDocument> = new Set();
  readonly #byId = new Map<string, Entry[]>();
  readonly #met = new Set<VexStatement>();
  readonly #policy: VexPolicy;
  readonly #evidence: GateEvidence;
  readonly #now: Date;

  constructor(documents: readonly EvidenceDocument[], policy: VexPolicy, evidence: GateEvidence, now: Date) {
    this.#policy = policy;
    this.#evidence = evidence;
    this.#now = now;
    for (const document of documents)
      for (const statement of (document.content as VexDocument).statements) this.#add(document, statement);
  }

  #add(document: EvidenceDocument, statement: VexStatement): void {
    const time = statement.time === undefined ? 0 : (reportTime(statement.time)?.getTime() ?? 0);
    for (const id of new Set([statement.id, ...statement.aliases].map((name) => name.toLowerCase()))) {
      const list = this.#byId.get(id);
      const entry = { document, statement, time };
      if (list === undefined) this.#byId.set(id, [entry]);
      else list.push(entry);
    }
  }

  find(
    ids: readonly string[],
    identity: PackageIdentity | undefined,
    platform: PlatformEvidence,
  ): VexMatch | undefined {
    const entries = new Set(ids.flatMap((id) => this.#byId.get(id.toLowerCase()) ?? []));
    let newest: { entry: Entry; match: ProductMatch } | undefined;
    for (const entry of entries) {
      if (!this.#isBound(entry.document, platform)) continue;
      const match = this.#product(entry, identity, platform);
      if (match === 'no') continue;
      this.#met.add(entry.statement);
      if (newest === undefined || comesBefore(entry, newest.entry)) newest = { entry, match };
    }
    return newest === undefined ? undefined : this.#judge(newest.entry, newest.match);
  }

  #isBound(document: EvidenceDocument, platform: PlatformEvidence): boolean {
    return document.target === platform.digest || document.target === this.#evidence.image.digest;
  }

  #judge({ document, statement, time }: Entry, match: ProductMatch): VexMatch {
    const said = `VEX says ${statement.status}${statement.justification === undefined ? '' : ` (${statement.justification})`}`;
    const refuse = (why: string): VexMatch => ({ accepted: false, message: `${said}, not accepted: ${why}` });
    if (!this.#policy.acceptStatuses.includes(statement.status))
      return refuse('the status is not in vex.acceptStatuses');
    const accepted = this.#policy.acceptJustifications;
    if (
      statement.status === 'not_affected' &&
      accepted !== undefined &&
      !accepted.includes(statement.justification ?? '')
    )
      return refuse('the justification is not in vex.acceptJustifications');
    if (time > this.#now.getTime()) return refuse(`it is dated ${statement.time}, later than now`);
    if (this.#policy.maxAge !== undefined && this.#now.getTime() - time > this.#policy.maxAge)
      return refuse('it is older than vex.maxAge');
    if (match === 'unversioned') return refuse('it names no version and no digest, so it would hold for ever');
    this.used.add(document);
    return { accepted: true, message: said };
  }

  #product(
    { document, statement }: Entry,
    identity: PackageIdentity | undefined,
    platform: PlatformEvidence,
  ): ProductMatch {
    if (statement.products.length === 0) {
      const { digests } = (document.content as VexDocument).subject;
      return digests.some((digest) => this.#isImage(digest, platform)) ? 'yes' : 'no';
    }
    return best(statement.products.map((product) => this.#oneProduct(product, identity, platform)));
  }

  #oneProduct(product: VexProduct, identity: PackageIdentity | undefined, platform: PlatformEvidence): ProductMatch {
    const itself = best(
      product.ids.map((id) => {
        const digest = digestIn(id);
        if (digest !== undefined) return this.#isImage(digest, platform) ? 'yes' : 'no';
        return matchPackage(id, identity);
      }),
    );
    if (itself === 'no' || product.subcomponents.length === 0) return itself;
    const inside = best(product.subcomponents.map((ids) => best(ids.map((id) => matchPackage(id, identity)))));
    if (inside === 'no') return 'no';
    return itself === 'yes' || inside === 'yes' ? 'yes' : 'unversioned';
  }

  #isImage(digest: string, platform: PlatformEvidence): boolean {
    return digest === platform.digest || digest === platform.configDigest || digest === this.#evidence.image.digest;
  }

  /** Statements that no finding met. */
  unmatched(): readonly string[] {
    const all = new Set([...this.#byId.values()].flat().map(({ statement }) => statement));
    return [...all]
      .filter((statement) => !this.#met.has(statement))
      .map(({ id, products }) => `${id} (${products.flatMap(({ ids }) => ids).join(', ') || 'no product'})`);
  }
}

const favour: readonly VexStatus[] = ['affected', 'under_investigation', 'fixed', 'not_affected'];

function comesBefore(a: Entry, b: Entry): boolean {
  if (a.time !== b.time) return a.time > b.time;
  return favour.indexOf(a.statement.status) < favour.indexOf(b.statement.status);
}

function best(matches: readonly ProductMatch[]): ProductMatch {
  if (matches.includes('yes')) return 'yes';
  return matches.includes('unversioned') ? 'unversioned' : 'no';
}

/** Whether an identifier names the package, or the source package it was built from. */
function matchPackage(id: string, identity: PackageIdentity | undefined): ProductMatch {
  const purl = tryParse(id);
  if (purl === undefined || identity === undefined) return 'no';
  const own = identity.purl === undefined ? [] : identity.identities.slice(0, 1);
  return best([...own, ...identity.upstream].map((candidate) => matchIdentity(purl, candidate)));
}

function matchIdentity(purl: Purl, candidate: Identity): ProductMatch {
  const same =
    candidate.type === purl.type &&
    candidate.name === purl.name &&
    (candidate.namespace ?? '') === (purl.namespace ?? '');
  if (!same) return 'no';
  if (purl.version === undefined) return 'unversioned';
  return candidate.versions.includes(purl.version) ? 'yes' : 'no';
}

function tryParse(text: string): Purl | undefined {
  try {
    return parsePurl(text, { keys: 'any' });
  } catch {
    return undefined;
  }
}
