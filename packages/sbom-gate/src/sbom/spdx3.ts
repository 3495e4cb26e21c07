import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, quote } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import { listOf, objectsOf, textOf, textsOf } from '../json/members.js';
import { joinLicenses } from '../licenses/join.js';
import { type Component, type ComponentLicenses, kindMember, purlMembers, type SbomDocument } from './document.js';
import { checkLists, type ParsedDocument, warningsOf } from './parsed.js';
import { isPurlReference } from './spdx2-package.js';
import { packageTypes } from './spdx3-element.js';
import { hashDigest, platformIn, subjectOf } from './subject.js';

/** Whether a document is SPDX 3: its context, text or list, is one of spdx.org. It is never fetched. */
export function isSpdx3(document: ParsedDocument): boolean {
  const context = document.values.get('@context');
  const list = isJsonArray(context) ? context : [context];
  return list.some((item) => typeof item === 'string' && /^https?:\/\/spdx\.(?:org|github\.io)\/.*\b3\./.test(item));
}

/** Reads SPDX 3.0 as plain JSON over its flat graph. */
export function readSpdx3(document: ParsedDocument): SbomDocument {
  checkLists(document, '@graph');
  // Without a graph the document is one element, and what is beside it is one more.
  if (!document.lists.has('@graph') || ['type', '@type', 'spdxId', '@id'].some((name) => document.names.has(name)))
    throw new GateError('ERR_GATE_EVIDENCE', 'SPDX: expected elements only in "@graph"');
  const graph = new Graph(document.inventory.graph);
  const roots = graph.roots();
  const creation = graph.ofType('CreationInfo')[0];
  // "created" is often the time of the source, not of the document: it stands here for reports, not as proof.
  const created = textOf(creation, 'created');
  const described = [...roots].map((id) => graph.byId(id)).filter(isJsonObject);
  return {
    class: 'sbom',
    format: 'spdx-3',
    formatVersion: textOf(creation, 'specVersion') ?? '3',
    tools: graph.ofType('Tool').flatMap((tool) => {
      const name = textOf(tool, 'name');
      return name === undefined ? [] : [{ name: name.replace(/^Tool: ?/, '') }];
    }),
    ...(created === undefined ? {} : { created }),
    subject: subjectOf({
      references: described.flatMap((root) => graph.purls(root)),
      digests: described.flatMap((root) => graph.digests(root)),
      names: described.map((root) => textOf(root, 'name')),
      platforms: described.flatMap((root) => graph.purls(root).map(platformIn)),
    }),
    components: graph.packages().map(([item, pointer]) => graph.component(item, pointer, roots)),
    complete: graph.complete(),
    warnings: warningsOf(document),
  };
}

class Graph {
  readonly #elements: readonly JsonObject[];
  readonly #byId = new Map<string, JsonObject>();
  readonly #stated = new Map<string, { readonly declared: string[]; readonly concluded: string[] }>();

  constructor(elements: readonly JsonObject[]) {
    this.#elements = elements;
    for (const element of elements) {
      for (const id of new Set([...texts(textOf(element, 'spdxId')), ...texts(textOf(element, '@id'))])) {
        if (this.#byId.has(id)) throw new GateError('ERR_GATE_EVIDENCE', `SPDX: two elements have the id ${quote(id)}`);
        this.#byId.set(id, element);
      }
    }
    for (const element of elements) this.#readLicense(element);
  }

  byId(id: string): JsonObject | undefined {
    return this.#byId.get(id);
  }

  ofType(type: string): readonly JsonObject[] {
    return this.#elements.filter((element) => element['type'] === type);
  }

  packages(): readonly (readonly [JsonObject, string])[] {
    return this.#elements.flatMap((element, i) =>
      packageTypes.has(textOf(element, 'type') ?? '')
        ? [[element, textOf(element, 'spdxId') ?? `/@graph/${i}`] as const]
        : [],
    );
  }

  /** Roots of the document and of the SBOMs that it holds. */
  roots(): ReadonlySet<string> {
    const roots = new Set<string>();
    for (const element of this.#elements) {
      if (!/^(SpdxDocument|Bom|software_Sbom|Bundle)$/.test(textOf(element, 'type') ?? '')) continue;
      for (const id of listOf(element, 'rootElement')) if (typeof id === 'string') roots.add(id);
    }
    return roots;
  }

  complete(): SbomDocument['complete'] {
    const incomplete = this.#elements.some(
      (element) =>
        element['completeness'] === 'incomplete' ||
        listOf(element, 'import').length > 0 ||
        listOf(element, 'imports').length > 0,
    );
    return incomplete ? 'no' : 'unknown';
  }

  #readLicense(element: JsonObject): void {
    const type = textOf(element, 'relationshipType')?.replaceAll('_', '').toLowerCase();
    const kind = type === 'hasdeclaredlicense' ? 'declared' : type === 'hasconcludedlicense' ? 'concluded' : undefined;
    const from = textOf(element, 'from');
    if (kind === undefined || from === undefined) return;
    const before = this.#stated.get(from) ?? { declared: [], concluded: [] };
    for (const id of targets(element)) before[kind].push(...texts(this.#licenseText(id)));
    this.#stated.set(from, before);
  }

  /** The licences of a package: several that relationships give all apply. */
  #licensesOf(id: string): ComponentLicenses | undefined {
    const stated = this.#stated.get(id);
    if (stated === undefined) return undefined;
    const [declared, concluded] = [joinLicenses(stated.declared), joinLicenses(stated.concluded)];
    return {
      ...(declared.expression === undefined ? {} : { declared: declared.expression }),
      ...(concluded.expression === undefined ? {} : { concluded: concluded.expression }),
      names: [...declared.names, ...concluded.names],
    };
  }

  /** The expression that an id leads to; a licence of the list may be named by its address. */
  #licenseText(id: string): string | undefined {
    const element = this.#byId.get(id);
    const text = textOf(element, 'simplelicensing_licenseExpression');
    if (text !== undefined) return text;
    const listed = /^https?:\/\/spdx\.org\/licenses\/([A-Za-z0-9.+-]+)$/.exec(id)?.[1];
    return listed ?? textOf(element, 'name');
  }

  purls(item: JsonObject): readonly string[] {
    const identifiers = listOf(item, 'externalIdentifier')
      .map((value) => this.#resolve(value))
      .filter(isJsonObject)
      .filter((one) => isPurl(textOf(one, 'externalIdentifierType'), textOf(one, 'identifier')));
    return [
      ...texts(textOf(item, 'software_packageUrl')),
      ...identifiers.flatMap((one) => texts(textOf(one, 'identifier'))),
    ];
  }

  #resolve(value: JsonValue): JsonObject | undefined {
    return typeof value === 'string' ? this.#byId.get(value) : isJsonObject(value) ? value : undefined;
  }

  digests(item: JsonObject): readonly string[] {
    return objectsOf(item, 'verifiedUsing').flatMap(
      (hash) => hashDigest(textOf(hash, 'algorithm'), textOf(hash, 'hashValue')) ?? [],
    );
  }

  component(item: JsonObject, pointer: string, roots: ReadonlySet<string>): Component {
    const id = textOf(item, 'spdxId') ?? '';
    const version = textOf(item, 'software_packageVersion');
    const purls = this.purls(item);
    const licenses = this.#licensesOf(id);
    const image =
      textOf(item, 'software_primaryPurpose') === 'container' || purls.some((purl) => purl.startsWith('pkg:oci/'));
    return {
      name: textOf(item, 'name') ?? '',
      ...(version === undefined ? {} : { version }),
      ...purlMembers(purls),
      ...kindMember(textOf(item, 'software_primaryPurpose'), purls),
      ...(licenses === undefined ? {} : { licenses }),
      scope: 'required',
      ...(image && roots.has(id) ? { root: true } : {}),
      pointer,
    };
  }
}

function isPurl(type: string | undefined, identifier: string | undefined): boolean {
  return identifier !== undefined && (/^packageUrl$/i.test(type ?? '') || isPurlReference(type, identifier));
}

function targets(element: JsonObject): readonly string[] {
  return isJsonArray(element['to']) ? textsOf(element, 'to') : texts(textOf(element, 'to'));
}

function texts(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text];
}
