import { CodecError, quote } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import type { DocumentLimits } from './build-document.js';
import type { SbomDocument } from './document.js';
import type { Spdx2Package, Spdx2Relationship } from './parsed.js';
import { nameLicense, spdx2Document } from './spdx2.js';
import { isPurlReference, spdx2Package } from './spdx2-package.js';
import { hashDigest } from './subject.js';

/** Whether text is SPDX tag-value: one of its first lines gives the version. */
export function isTagValue(text: string): boolean {
  return text
    .slice(0, 4000)
    .split(/\r?\n/, 20)
    .some((line) => /^\s*SPDXVersion:\s*SPDX-2\./.test(line));
}

/** Tags that a gate uses. */
const readTags = [
  'PackageName',
  'FileName',
  'SnippetSPDXID',
  'LicenseID',
  'LicenseName',
  'Relationship',
  'ExternalDocumentRef',
  'ExternalRef',
  'PackageChecksum',
  'SPDXVersion',
  'Created',
  'DocumentName',
  'SPDXID',
  'PackageVersion',
  'PackageLicenseDeclared',
  'PackageLicenseConcluded',
  'PrimaryPackagePurpose',
] as const;
const spellings: ReadonlyMap<string, string> = new Map(readTags.map((tag) => [tag.toLowerCase(), tag]));

/** Reads SPDX 2.2 and 2.3 in tag-value form: a tag belongs to the block that was opened last. */
export function readTagValue(text: string, limits: DocumentLimits): SbomDocument {
  const reader = new TagValueReader(limits);
  for (const [tag, value, line] of tags(text)) reader.take(tag, value, line);
  return reader.document();
}

/** Tag, value and line. A value in `<text>` may span lines, and those may look like tags. */
function* tags(text: string): Generator<[string, string, number]> {
  let [at, line] = [0, 0];
  while (at < text.length) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const start = ++line;
    const content = text.slice(at, end).trim();
    at = end + 1;
    const colon = content.indexOf(':');
    checkLine(content, start);
    if (content === '' || content.startsWith('#') || colon <= 0) continue;
    const tag = content.slice(0, colon).trim();
    checkTag(tag, start);
    const value = content.slice(colon + 1).trim();
    if (!value.startsWith('<text>') || value.includes('</text>')) {
      if (value.startsWith('<text>')) checkClosed(value.slice(value.indexOf('</text>') + 7), start);
      yield [tag, value.replace(/^<text>|<\/text>$/g, ''), start];
      continue;
    }
    const close = text.indexOf('</text>', at);
    if (close < 0) throw new GateError('ERR_GATE_EVIDENCE', `SPDX: the <text> of line ${start} has no end`);
    const rest = text.slice(at, close);
    line += rest.split('\n').length;
    yield [tag, `${value.slice(6)}\n${rest}`, start];
    const next = text.indexOf('\n', close);
    checkClosed(text.slice(close + 7, next < 0 ? undefined : next), line);
    at = next < 0 ? text.length : next + 1;
  }
}

/** What some readers take for the end of a line, and others not, with a tag behind it. */
const hiddenTag = new RegExp(`[\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]\\s*(?:${readTags.join('|')})\\s*:`, 'i');

function checkLine(content: string, line: number): void {
  if (hiddenTag.test(content)) throw refuse(line, 'a tag stands behind a control character in the middle of it');
}

/** Tags have one spelling; one in another case is read by some. */
function checkTag(tag: string, line: number): void {
  const known = spellings.get(tag.toLowerCase());
  if (known !== undefined && known !== tag) throw refuse(line, `expected the tag ${known}, found ${quote(tag)}`);
}

function checkClosed(rest: string, line: number): void {
  if (rest.trim() !== '') throw refuse(line, 'text stands behind </text>');
}

function refuse(line: number, problem: string): GateError {
  return new GateError('ERR_GATE_EVIDENCE', `SPDX: line ${line}: ${problem}`);
}

interface OpenPackage {
  readonly name: string;
  readonly line: number;
  readonly values: Map<string, string>;
  readonly digests: string[];
  readonly comments: string[];
  readonly purls: string[];
}

class TagValueReader {
  readonly #limits: DocumentLimits;
  readonly #head = new Map<string, string>();
  readonly #creators: string[] = [];
  readonly #packages: Spdx2Package[] = [];
  readonly #relationships: Spdx2Relationship[] = [];
  readonly #extracted = new Map<string, string>();
  #block: 'document' | 'package' | 'other' = 'document';
  #open: OpenPackage | undefined;
  #license = '';
  #external = false;

  constructor(limits: DocumentLimits) {
    this.#limits = limits;
  }

  take(tag: string, value: string, line: number): void {
    if (tag === 'PackageName') this.#begin(value, line);
    else if (tag === 'FileName' || tag === 'SnippetSPDXID' || tag === 'LicenseID') {
      this.#close();
      this.#block = 'other';
      if (tag === 'LicenseID') this.#license = value;
    } else if (tag === 'LicenseName') nameLicense(this.#extracted, this.#license, value);
    else if (tag === 'Relationship') this.#relation(value);
    else if (tag === 'ExternalDocumentRef') this.#external = true;
    else if (tag === 'Creator') this.#creators.push(value);
    else if (this.#block === 'document') setOnce(this.#head, tag, value);
    else if (this.#block === 'package' && this.#open !== undefined) takePackageTag(this.#open, tag, value);
  }

  #begin(name: string, line: number): void {
    this.#close();
    this.#block = 'package';
    this.#open = { name, line, values: new Map(), digests: [], comments: [], purls: [] };
  }

  #relation(value: string): void {
    const [from = '', type = '', to = ''] = value.split(/\s+/);
    this.#relationships.push({ from, type, to });
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    if (this.#packages.length >= this.#limits.items)
      throw new CodecError('ERR_CODEC_LIMIT', `a document has at most ${this.#limits.items} packages`);
    const { name, values, digests, comments, purls } = open;
    this.#packages.push(
      spdx2Package({
        id: values.get('SPDXID') ?? '',
        name,
        version: values.get('PackageVersion'),
        purls,
        declared: values.get('PackageLicenseDeclared'),
        concluded: values.get('PackageLicenseConcluded'),
        purpose: values.get('PrimaryPackagePurpose'),
        digests,
        comments,
        pointer: `line ${open.line}`,
      }),
    );
  }

  document(): SbomDocument {
    this.#close();
    return spdx2Document({
      version: (this.#head.get('SPDXVersion') ?? '').slice(5),
      created: this.#head.get('Created'),
      creators: this.#creators,
      name: this.#head.get('DocumentName'),
      described: [],
      external: this.#external,
      extracted: this.#extracted,
      packages: this.#packages,
      relationships: this.#relationships,
      warnings: [],
    });
  }
}

function takePackageTag(open: OpenPackage, tag: string, value: string): void {
  if (tag === 'ExternalRef') {
    const [, type, locator] = value.split(/\s+/);
    if (locator !== undefined && isPurlReference(type, locator)) open.purls.push(locator);
  } else if (tag === 'PackageChecksum') {
    const [algorithm, hash] = value.split(/:\s*/, 2);
    const digest = hashDigest(algorithm, hash);
    if (digest !== undefined) open.digests.push(digest);
  } else if (tag === 'PackageAttributionText' || tag === 'PackageComment' || tag === 'AnnotationComment')
    open.comments.push(value);
  else setOnce(open.values, tag, value);
}

/** Tags that are read and of which there is one. Others may repeat. */
const single = new Set([
  'SPDXVersion',
  'Created',
  'DocumentName',
  'SPDXID',
  'PackageVersion',
  'PackageLicenseDeclared',
  'PackageLicenseConcluded',
  'PrimaryPackagePurpose',
]);

function setOnce(values: Map<string, string>, tag: string, value: string): void {
  if (!single.has(tag)) return;
  const before = values.get(tag);
  if (before !== undefined && before !== value)
    throw new GateError(
      'ERR_GATE_EVIDENCE',
      `SPDX: the tag ${tag} appears twice, with ${quote(before)} and ${quote(value)}`,
    );
  values.set(tag, value);
}
