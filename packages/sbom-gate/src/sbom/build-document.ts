import { CodecError, isJsonObject, type JsonObject, type JsonValue, quote } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import type { JsonSink, Wanted } from '../json/sink.js';
import type { Component } from './document.js';
import { factsOfSboms } from './formats.js';
import type { GatheredInventory, Inventory, ParsedDocument, Spdx2Package, Spdx2Relationship } from './parsed.js';
import { type ReadElement, sbomReaders } from './readers.js';

/** Small members that are kept as they are: those of SBOM formats, and of reports, VEX, statements and envelopes. */
const kept = new Set<string>([
  ...factsOfSboms('members'),
  ...(
    '@id @type ArtifactName ArtifactType ClusterName CreatedAt Metadata SchemaVersion Trivy _type alertsByPackage ' +
    'author dependencyCount distro document error filtered ignorePolicy invocation mediaType ok packageManager path ' +
    'payload payloadType platform predicateType product_tree projectName role scanner subject summary targetFile ' +
    'timestamp tooling'
  ).split(' '),
]);
/** Lists that are read element by element; a list without a name is the document itself. */
const lists = new Set<string>([
  '',
  ...factsOfSboms('lists'),
  ...'Results applications ignoredMatches matches runs statements vulnerabilities'.split(' '),
]);
const elements = new Map<string, ReadElement>(
  Object.values(sbomReaders).flatMap((reader) => Object.entries(reader.elements ?? {})),
);
const embedded = new Set(['predicate', 'dsseEnvelope', 'Data']);

/** Limits of a document. */
export interface DocumentLimits {
  /** Most packages and findings. */
  readonly items: number;
}

/** Gathers a document from the scanner, cutting inventories down to what the gate needs as they arrive. */
export class DocumentBuilder implements JsonSink, Inventory, GatheredInventory {
  readonly packages: Spdx2Package[] = [];
  readonly relationships: Spdx2Relationship[] = [];
  readonly components: Component[] = [];
  readonly artifacts: Component[] = [];
  readonly graph: JsonObject[] = [];
  nulls = 0;
  readonly #names = new Set<string>();
  readonly #spellings = new Map<string, string>();
  readonly #values = new Map<string, JsonValue>();
  readonly #lists = new Map<string, JsonValue[]>();
  readonly #embedded = new Map<string, Uint8Array>();
  readonly #limits: DocumentLimits;
  #items = 0;

  constructor(limits: DocumentLimits) {
    this.#limits = limits;
  }

  member(name: string): Wanted {
    if (name !== '') this.#name(name);
    if (lists.has(name)) {
      this.#lists.set(name, []);
      return 'items';
    }
    if (embedded.has(name)) return 'bytes';
    return kept.has(name) ? 'value' : 'skip';
  }

  /** Many readers take a name in any case, and the last of two. */
  #name(name: string): void {
    // Upper case first: it makes an s of the long s (U+017F), as readers in Go do.
    const folded = name.toUpperCase().toLowerCase();
    const other = this.#spellings.get(folded);
    if (other !== undefined && other !== name)
      throw new GateError('ERR_GATE_EVIDENCE', `members ${quote(other)} and ${quote(name)} differ only in case`);
    this.#spellings.set(folded, name);
    this.#names.add(name);
  }

  value(name: string, value: JsonValue): void {
    // Only the value of a list comes here when it is not a list: tools write `null` for an empty list.
    this.#values.set(name, value);
  }

  bytes(name: string, value: Uint8Array): void {
    this.#embedded.set(name, value);
  }

  item(name: string, value: JsonValue, index: number): void {
    const before = this.#size;
    if (!this.#compact(name, value, index)) this.#lists.get(name)?.push(value);
    this.#items += Math.max(1, this.#size - before);
    if (this.#items > this.#limits.items)
      throw new CodecError('ERR_CODEC_LIMIT', `a document has at most ${this.#limits.items} packages and findings`);
  }

  get #size(): number {
    return this.packages.length + this.components.length + this.artifacts.length;
  }

  #compact(name: string, value: JsonValue, index: number): boolean {
    const read = elements.get(name);
    // Left in its list, so that the reader of the format refuses what it cannot judge.
    if (read === undefined || (value !== null && !isJsonObject(value))) return false;
    if (value === null) this.nulls++;
    else read(value, index, this);
    return true;
  }

  document(): ParsedDocument {
    return {
      names: this.#names,
      values: this.#values,
      lists: this.#lists,
      embedded: this.#embedded,
      inventory: this,
    };
  }
}
