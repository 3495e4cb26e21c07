import { CodecError, type JsonObject, quote } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import { objectOf, objectsOf, textOf, textsOf } from '../json/members.js';
import { memberObject, memberObjects, membersOf, type ParsedDocument } from '../sbom/parsed.js';
import { subjectOf } from '../sbom/subject.js';
import type { VexDocument, VexProduct, VexStatement, VexStatus } from './document.js';

/** Whether a document is CSAF 2. */
export function isCsaf(document: ParsedDocument): boolean {
  return /^2\.\d/.test(textOf(memberObject(document, 'document'), 'csaf_version') ?? '');
}

const statuses: readonly (readonly [string, VexStatus])[] = [
  ['known_not_affected', 'not_affected'],
  ['fixed', 'fixed'],
  ['first_fixed', 'fixed'],
  ['recommended', 'fixed'],
  ['known_affected', 'affected'],
  ['first_affected', 'affected'],
  ['last_affected', 'affected'],
  ['under_investigation', 'under_investigation'],
  ['unknown', 'under_investigation'],
];

/** Reads CSAF 2.0 and 2.1. A document that is not a final one takes nothing away; what it takes back, it does. */
export function readCsaf(document: ParsedDocument): VexDocument {
  const head = memberObject(document, 'document');
  const tracking = objectOf(head, 'tracking');
  const products = new ProductTree(objectOf(membersOf(document), 'product_tree'));
  const time = textOf(tracking, 'current_release_date');
  const final = textOf(tracking, 'status') === 'final';
  const list = memberObjects(document, 'vulnerabilities');
  return {
    class: 'vex',
    format: 'csaf',
    formatVersion: textOf(head, 'csaf_version') ?? '',
    statements: list
      .flatMap((item, i) => readVulnerability(item, `/vulnerabilities/${i}`, time, products))
      .filter(({ status }) => final || (status !== 'not_affected' && status !== 'fixed')),
    subject: subjectOf({}),
    warnings: final ? [] : ['the document is not final, so that it takes no finding away'],
  };
}

function readVulnerability(
  item: JsonObject,
  pointer: string,
  time: string | undefined,
  products: ProductTree,
): readonly VexStatement[] {
  const ids = [textOf(item, 'cve'), ...objectsOf(item, 'ids').map((id) => textOf(id, 'text'))].filter(
    (id) => id !== undefined,
  );
  const [id, ...aliases] = ids;
  if (id === undefined) return [];
  const state = objectOf(item, 'product_status');
  const flags = flagsOf(item);
  return statuses.flatMap(([member, status]) => {
    const named = textsOf(state, member);
    return named.map((product) => {
      const justification = flags.get(product);
      return {
        id,
        aliases,
        status,
        ...(justification === undefined ? {} : { justification }),
        ...(time === undefined ? {} : { time }),
        products: products.find(product),
        pointer: `${pointer}/product_status/${member}`,
      };
    });
  });
}

/** The justification of each product; two different ones count as none. */
function flagsOf(item: JsonObject): ReadonlyMap<string, string | undefined> {
  const labels = new Map<string, string | undefined>();
  for (const flag of objectsOf(item, 'flags')) {
    const label = textOf(flag, 'label');
    for (const product of textsOf(flag, 'product_ids'))
      labels.set(product, labels.has(product) && labels.get(product) !== label ? undefined : label);
  }
  return labels;
}

/** Many statements may be about one product, and each is then about all of these. */
const mostPurls = 100;

/** Package URLs of products, from branches, from full names, and from relationships of a component to a product. */
class ProductTree {
  readonly #ids = new Map<string, readonly string[]>();
  readonly #parts = new Map<string, { readonly component: string; readonly whole: string }>();

  constructor(tree: JsonObject | undefined) {
    const waiting: JsonObject[] = [...objectsOf(tree, 'branches')];
    // Pushed one by one: a list of any length can be an argument of no call.
    for (const product of objectsOf(tree, 'full_product_names')) this.#add(product);
    for (let branch = waiting.pop(); branch !== undefined; branch = waiting.pop()) {
      this.#add(objectOf(branch, 'product'));
      for (const inner of objectsOf(branch, 'branches')) waiting.push(inner);
    }
    for (const relationship of objectsOf(tree, 'relationships')) this.#relate(relationship);
  }

  #add(product: JsonObject | undefined): void {
    const id = textOf(product, 'product_id');
    if (id === undefined) return;
    const helper = objectOf(product, 'product_identification_helper');
    const purl = textOf(helper, 'purl');
    this.#claim(id);
    const purls = textsOf(helper, 'purls');
    if (purls.length > mostPurls)
      throw new CodecError(
        'ERR_CODEC_LIMIT',
        `CSAF: a product has at most ${mostPurls} package URLs, ${quote(id)} has more`,
      );
    this.#ids.set(id, [...(purl === undefined ? [] : [purl]), ...purls]);
  }

  /** VEX must be unambiguous to remove a finding: a product that is defined twice does not count. */
  #claim(id: string): void {
    if (this.#ids.has(id) || this.#parts.has(id))
      throw new GateError('ERR_GATE_EVIDENCE', `CSAF: two products have the id ${quote(id)}`);
  }

  #relate(relationship: JsonObject): void {
    const id = textOf(objectOf(relationship, 'full_product_name'), 'product_id');
    const component = textOf(relationship, 'product_reference');
    const whole = textOf(relationship, 'relates_to_product_reference');
    if (id !== undefined && component !== undefined && whole !== undefined) {
      this.#claim(id);
      this.#parts.set(id, { component, whole });
    }
  }

  /** The product of an id: by itself, or a component inside another product. */
  find(id: string): readonly VexProduct[] {
    const part = this.#parts.get(id);
    if (part === undefined) return [{ ids: [id, ...(this.#ids.get(id) ?? [])], subcomponents: [] }];
    // A part of a part would have to be in both of them, and a product that is not there may be anything.
    const [component, whole] = [this.#ids.get(part.component), this.#ids.get(part.whole)];
    if (component === undefined || whole === undefined) return [{ ids: [id], subcomponents: [] }];
    // A component of a product that has no package URL stands for itself.
    if (whole.length === 0) return [{ ids: component.length === 0 ? [id] : component, subcomponents: [] }];
    return [{ ids: whole, subcomponents: [component] }];
  }
}
