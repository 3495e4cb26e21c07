import type { EvidenceDocument } from '../../evidence/evidence.js';
import { addTo } from '../../multi-map.js';
import { type Purl, parsePurl } from '../../purl/parse.js';
import { digestIn } from '../../sbom/subject.js';
import type { VexDocument, VexProduct, VexStatement, VexStatus } from '../../vex/document.js';
import type { Identity } from '../identity.js';

/** A statement with its document and its time. */
export interface Entry {
  readonly document: EvidenceDocument;
  readonly statement: VexStatement;
  readonly time: number;
}

/** A statement that is about a package: surely, or for every version that there will ever be. */
export interface Match {
  readonly entry: Entry;
  readonly unversioned: boolean;
}

/** The manifests that an identifier stands for in a document, although it names no digest. */
export type NamedManifests = (id: string, document: EvidenceDocument) => readonly string[];

/** Statements about one thing: the one that counts, and all that were met when it is found. */
interface Bucket {
  best: Match;
  readonly statements: VexStatement[];
}

/** A statement about a part of the image; it counts where one of the digests is the image. */
interface PartOf {
  readonly digests: ReadonlySet<string>;
  readonly match: Match;
}

/**
 * Statements by vulnerability and by what they are about, so that a finding looks up what is about it and is compared with nothing
 * else: a document with many products costs no more than its own length.
 */
export class VexIndex {
  readonly #whole = new Map<string, Bucket>();
  readonly #parts = new Map<string, PartOf[]>();
  readonly #found = new Map<string, Bucket | undefined>();
  /** Pairs of vulnerability and thing. */
  #size = 0;

  /**
   * @param images - digests that are the image or something of it; products that name another one are not kept
   * @param named - the manifests that an identifier without a digest stands for in the document of this entry
   * @returns how many pairs of vulnerability and thing it is about
   */
  add(entry: Entry, images: ReadonlySet<string>, named: NamedManifests): number {
    const before = this.#size;
    const ids = new Set([entry.statement.id, ...entry.statement.aliases].map((name) => name.toLowerCase()));
    const products = entry.statement.products;
    for (const id of ids) {
      if (products.length === 0) this.#addSubject(id, entry);
      for (const product of products) this.#addProduct(id, product, entry, images, named);
    }
    return this.#size - before;
  }

  #addSubject(id: string, entry: Entry): void {
    const { digests, carriers = [] } = (entry.document.content as VexDocument).subject;
    for (const digest of [...digests, ...carriers.flat()])
      this.#addWhole(`${id} ${digest}`, { entry, unversioned: false });
  }

  #addProduct(id: string, product: VexProduct, entry: Entry, images: ReadonlySet<string>, named: NamedManifests): void {
    const { digests, packages } = keysOf(product.ids);
    const known = [...digests, ...product.ids.flatMap((one) => named(one, entry.document))].filter((digest) =>
      images.has(digest),
    );
    if (product.subcomponents.length === 0) {
      for (const digest of known) this.#addWhole(`${id} ${digest}`, { entry, unversioned: false });
      for (const [key, versioned] of packages) this.#addWhole(`${id} ${key}`, { entry, unversioned: !versioned });
      return;
    }
    const parts = keysOf(product.subcomponents.flat());
    if (known.length > 0) {
      const part = { digests: new Set(known), match: { entry, unversioned: false } };
      for (const key of parts.packages.keys()) addTo(this.#parts, `${id} ${key}`, part);
      this.#size += parts.packages.size;
    }
    for (const [key, versioned] of parts.packages)
      if (packages.has(key)) this.#addWhole(`${id} ${key}`, { entry, unversioned: !versioned });
  }

  #addWhole(key: string, match: Match): void {
    this.#size++;
    const bucket = this.#whole.get(key);
    if (bucket === undefined) this.#whole.set(key, { best: match, statements: [match.entry.statement] });
    else {
      bucket.statements.push(match.entry.statement);
      bucket.best = better(bucket.best, match);
    }
  }

  /** The statement about a vulnerability in something that has one of the keys, in an image of these digests. */
  find(id: string, keys: readonly string[], image: readonly string[], met: Set<VexStatement>): Match | undefined {
    let best: Match | undefined;
    const take = (bucket: Bucket | undefined): void => {
      if (bucket === undefined) return;
      // Emptied, so that a bucket is walked once, however many findings meet it.
      for (const statement of bucket.statements.splice(0)) met.add(statement);
      best = best === undefined ? bucket.best : better(best, bucket.best);
    };
    for (const key of [...image, ...keys]) take(this.#whole.get(`${id} ${key}`));
    for (const key of keys) take(this.#part(`${id} ${key}`, image));
    return best;
  }

  #part(key: string, image: readonly string[]): Bucket | undefined {
    const place = `${key} ${image.join(' ')}`;
    if (this.#found.has(place)) return this.#found.get(place);
    const matches = (this.#parts.get(key) ?? [])
      .filter(({ digests }) => image.some((digest) => digests.has(digest)))
      .map(({ match }) => match);
    const [first] = matches;
    const bucket =
      first === undefined
        ? undefined
        : { best: matches.reduce(better, first), statements: matches.map(({ entry }) => entry.statement) };
    this.#found.set(place, bucket);
    return bucket;
  }
}

const favour: readonly VexStatus[] = ['affected', 'under_investigation', 'fixed', 'not_affected'];

/** The newer statement; of two from one moment the less favourable one, and of two that say the same the one with a version. */
export function better(a: Match, b: Match): Match {
  if (a.entry.time !== b.entry.time) return b.entry.time > a.entry.time ? b : a;
  const status = favour.indexOf(b.entry.statement.status) - favour.indexOf(a.entry.statement.status);
  if (status !== 0) return status < 0 ? b : a;
  return a.unversioned && !b.unversioned ? b : a;
}

/** Keys of a package as a finding names it: with each of its versions, and without. */
export function packageKeys({ type, namespace, name, versions }: Identity): readonly string[] {
  const base = keyOf(type, namespace, name);
  return [base, ...versions.map((version) => `${base}@${encodeURIComponent(version)}`)];
}

function keyOf(type: string | undefined, namespace: string | undefined, name: string): string {
  return [type ?? '', namespace ?? '', name].map(encodeURIComponent).join('/');
}

/** What identifiers name: digests, and packages by key with whether the key has a version. */
export function keysOf(ids: readonly string[]): { digests: readonly string[]; packages: ReadonlyMap<string, boolean> } {
  const digests: string[] = [];
  const packages = new Map<string, boolean>();
  for (const id of ids) {
    const digest = digestIn(id);
    const purl = digest === undefined ? tryParse(id) : undefined;
    if (digest !== undefined) digests.push(digest);
    if (purl === undefined) continue;
    const base = keyOf(purl.type, purl.namespace, purl.name);
    if (purl.version === undefined) packages.set(base, false);
    else packages.set(`${base}@${encodeURIComponent(purl.version)}`, true);
  }
  return { digests, packages };
}

function tryParse(text: string): Purl | undefined {
  try {
    return parsePurl(text, { keys: 'any', typeRules: 'leave' });
  } catch {
    return undefined;
  }
}
