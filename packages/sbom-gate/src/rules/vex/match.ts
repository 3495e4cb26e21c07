import type { EvidenceDocument, PlatformEvidence } from '../../evidence/evidence.js';
import type { VexPolicy } from '../../policy/document.js';
import { schemeOfType, schemes } from '../../versions/schemes.js';
import type { VexDocument, VexStatement } from '../../vex/document.js';
import type { DecisionContext } from '../context.js';
import { reportTime } from '../freshness.js';
import type { Identity, PackageIdentity } from '../identity.js';
import { manifestsNamed } from './named-image.js';
import { better, type Entry, type Match, packageKeys, VexIndex } from './statement-index.js';
import { type ReadStatement, UnmetStatements } from './unmet.js';

/** Pairs of vulnerability and product; a document may name each vulnerability by many names and each product by many. */
const mostEntries = 500_000;

/** What the statements say of a finding. */
export interface VexMatch {
  readonly accepted: boolean;
  readonly message: string;
}

/** Finds the statement that is about a finding: the newest one; of two from one moment the less favourable one. */
export class VexMatcher {
  /** Documents of which a statement was believed. */
  readonly used: Set<EvidenceDocument> = new Set();
  readonly #statements: ReadStatement[] = [];
  #unmet: UnmetStatements | undefined;
  readonly #met = new Set<VexStatement>();
  readonly #policy: VexPolicy;
  readonly #context: DecisionContext;
  /** Documents that count for the same platforms share an index; most count for all platforms of their target. */
  readonly #indexes = new Map<string, VexIndex>();
  readonly #byPlatform = new Map<PlatformEvidence, Set<VexIndex>>();

  constructor(documents: readonly EvidenceDocument[], policy: VexPolicy, context: DecisionContext) {
    this.#policy = policy;
    this.#context = context;
    const images = imagesOf(context);
    let size = 0;
    for (const document of documents) {
      if (size <= mostEntries) size += this.#read(document, images, mostEntries - size);
      if (size > mostEntries) this.#refuse(document);
    }
  }

  /** Reads statements until there are more than `most` pairs of vulnerability and product; how many there were. */
  #read(document: EvidenceDocument, images: ReadonlySet<string>, most: number): number {
    const index = this.#indexFor(document);
    let size = 0;
    for (const statement of (document.content as VexDocument).statements) {
      this.#statements.push({ document, statement, elsewhere: index === undefined });
      const entry = { document, statement, time: timeOf(statement) };
      size +=
        index?.add(entry, images, (id, { target }) => manifestsNamed(id, { target }, this.#context.evidence)) ?? 0;
      if (size > most) break;
    }
    return size;
  }

  /** Statements that are left out could be those that take others back. */
  #refuse(document: EvidenceDocument): void {
    const message = `VEX statements say more than ${mostEntries} things about vulnerabilities and products`;
    this.#context.add('vex', 'deny', 'LIMIT_EXCEEDED', message, { document });
  }

  /** The index of the documents that are about the same platforms as this one; none when it is about another image. */
  #indexFor(document: EvidenceDocument): VexIndex | undefined {
    const platforms = this.#context.evidence.platforms.filter((platform) => this.#isBound(document, platform));
    if (platforms.length === 0) return undefined;
    const name = platforms.map(({ digest, platform }) => `${digest} ${platform}`).join('\n');
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    const index = new VexIndex();
    this.#indexes.set(name, index);
    for (const platform of platforms) {
      const own = this.#byPlatform.get(platform);
      if (own === undefined) this.#byPlatform.set(platform, new Set([index]));
      else own.add(index);
    }
    return index;
  }

  #isBound(document: EvidenceDocument, platform: PlatformEvidence): boolean {
    const { evidence, subjects } = this.#context;
    if (document.target !== platform.digest && document.target !== evidence.image.digest) return false;
    const verdict = subjects.judge((document.content as VexDocument).subject, document.target, platform, false);
    // Statements name what they are about: on the index they may be about every platform.
    return verdict === 'bound' || verdict === 'platformUnsaid';
  }

  find(
    ids: readonly string[],
    identity: PackageIdentity | undefined,
    platform: PlatformEvidence,
  ): VexMatch | undefined {
    const image = [platform.digest, platform.configDigest ?? platform.digest, this.#context.evidence.image.digest];
    const named = nameOf(identity);
    const keys = [...named, ...(identity?.upstream ?? [])].flatMap(packageKeys);
    let best: Match | undefined;
    for (const index of this.#byPlatform.get(platform) ?? [])
      for (const id of new Set(ids.map((name) => name.toLowerCase()))) {
        const match = index.find(id, keys, image, this.#met);
        if (match !== undefined) best = best === undefined ? match : better(best, match);
      }
    return best === undefined ? undefined : this.#judge(best);
  }

  #judge({ entry: { document, statement, time }, unversioned }: Match): VexMatch {
    const now = this.#context.now.getTime();
    const why = statement.justification?.slice(0, 200);
    const said = `VEX says ${statement.status}${why === undefined ? '' : ` (${why})`}`;
    const refuse = (reason: string): VexMatch => ({
      accepted: false,
      message: `${said}, not accepted: ${reason} (VEX ${document.manifest})`,
    });
    if (!this.#policy.acceptStatuses.includes(statement.status))
      return refuse('the status is not in vex.acceptStatuses');
    const accepted = this.#policy.acceptJustifications;
    if (
      statement.status === 'not_affected' &&
      accepted !== undefined &&
      !accepted.includes(statement.justification ?? '')
    )
      return refuse('the justification is not in vex.acceptJustifications');
    if (time > now) return refuse(`it is dated ${statement.time}, later than now`);
    if (this.#policy.maxAge !== undefined && now - time > this.#policy.maxAge)
      return refuse('it is older than vex.maxAge');
    if (unversioned) return refuse('it names no version and no digest, so it would hold for ever');
    this.used.add(document);
    return { accepted: true, message: said };
  }

  /** Why no statement about a finding's vulnerability is about the finding; nothing when there is none. */
  whyUnmet(ids: readonly string[], identity: PackageIdentity | undefined): readonly string[] {
    this.#unmet ??= new UnmetStatements(this.#statements);
    return this.#unmet.find(ids, identity);
  }

  /** The first statements that no finding met. */
  unmatched(most: number): readonly string[] {
    const left = this.#statements.filter(({ statement }) => !this.#met.has(statement)).slice(0, most);
    return left.map(({ statement: { id, products } }) => {
      const named = products.slice(0, 10).flatMap(({ ids }) => ids.slice(0, 10));
      return `${id} (${named.join(', ') || 'no product'})`;
    });
  }
}

/** What takes a finding away must be clear: of a package that has two names, or two versions, it is not known which is meant. */
function nameOf(identity: PackageIdentity | undefined): readonly Identity[] {
  const [own] = identity?.identities ?? [];
  if (identity?.purl === undefined || identity.conflict || identity.ambiguous || own === undefined) return [];
  return [isOneVersion(own) ? own : { ...own, versions: [] }];
}

/** Scanners write an epoch of zero or leave it out. */
function isOneVersion({ type = '', versions }: Identity): boolean {
  const [first = '', ...more] = versions;
  const scheme = schemes.get(schemeOfType(type));
  return more.every((other) => scheme?.isValid(first) && scheme.isValid(other) && scheme.compare(first, other) === 0);
}

const takesAway: readonly VexStatement['status'][] = ['not_affected', 'fixed'];

/** A statement without a time that can be read may be the oldest or the newest: the one where it takes nothing away. */
function timeOf({ time, status }: VexStatement): Entry['time'] {
  const known = time === undefined ? undefined : reportTime(time);
  return known?.getTime() ?? (takesAway.includes(status) ? 0 : Number.POSITIVE_INFINITY);
}

function imagesOf({ evidence: { image, platforms } }: DecisionContext): ReadonlySet<string> {
  const digests = platforms.flatMap(({ digest, configDigest }) => [
    digest,
    ...(configDigest === undefined ? [] : [configDigest]),
  ]);
  return new Set([image.digest, ...digests]);
}
