import type { EvidenceDocument, PlatformEvidence } from '../evidence/evidence.js';
import { addTo } from '../multi-map.js';
import { formatPurl } from '../purl/format.js';
import { typeProblem } from '../purl/parse.js';
import type { DecisionContext } from './context.js';
import { describePackage, type Identity, type UnreadablePurl } from './identity.js';
import type { InventoryItem } from './inventory.js';
import type { CompiledRule } from './match.js';
import { UnreadableNames } from './unreadable.js';

const rule = 'sbom.blockPackages';
const latin = /\p{Script=Latin}/u;
const lookAlike = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;

function isPlain(name: string): boolean {
  return /^[\x20-\x7e]*$/.test(name);
}

function isPlainIdentity({ namespace, name }: Identity): boolean {
  return isPlain(name) && (namespace === undefined || isPlain(namespace));
}

/** With a list of what is blocked in force, a package that cannot be identified for sure is a way around it. */
export class DoubtfulNames {
  readonly #context: DecisionContext;
  readonly #platform: PlatformEvidence;
  readonly #rules: readonly CompiledRule[];
  #names: UnreadableNames | undefined;

  constructor(context: DecisionContext, platform: PlatformEvidence, rules: readonly CompiledRule[]) {
    this.#context = context;
    this.#platform = platform;
    this.#rules = rules;
  }

  report(item: InventoryItem): void {
    for (const purl of item.identity.unreadable) this.#unreadable(purl, item);
    const { component, identity } = item;
    if (isPlain(component.name) && identity.identities.every(isPlainIdentity)) return;
    const names = [component.name, ...identity.identities.flatMap(({ namespace = '', name }) => [namespace, name])];
    if (!names.some((name) => !isPlain(name) && latin.test(name) && lookAlike.test(name))) return;
    const about = this.#about(item);
    const message = `${about.package} mixes scripts that look alike`;
    this.#context.add(rule, 'warn', 'COMPONENT_IDENTITY_CONFLICT', message, about);
  }

  /** Denies where a rule may be about it; where none can be, nothing is hidden. */
  #unreadable({ text, reason }: UnreadablePurl, item: InventoryItem): void {
    const about = this.#about(item);
    const said = `the package URL of ${about.package} cannot be read: ${reason}`;
    // Made when it is needed: nearly every package URL can be read.
    this.#names ??= new UnreadableNames(this.#rules);
    const compiled = this.#names.find(text);
    const meant =
      compiled === undefined ? 'no rule can be about it' : `rule "${compiled.rule.id}" may be about what it names`;
    this.#context.add(rule, compiled === undefined ? 'warn' : 'deny', 'PURL_INVALID', `${said}; ${meant}`, about);
  }

  #about({ component, document, identity }: InventoryItem) {
    return {
      platform: this.#platform.platform,
      document,
      pointer: component.pointer,
      package: describePackage(component, identity),
    };
  }
}

/** Says, once for each document, that package URLs break a rule of their type. They are read, and rules can name them. */
export function reportOddPurls(
  context: DecisionContext,
  platform: PlatformEvidence,
  inventory: readonly InventoryItem[],
): void {
  const odd = new Map<EvidenceDocument, InventoryItem[]>();
  for (const item of inventory)
    if (item.identity.purl !== undefined && typeProblem(item.identity.purl) !== undefined)
      addTo(odd, item.document, item);
  for (const [document, items] of odd) {
    const [first] = items;
    const purl = first?.identity.purl;
    if (first === undefined || purl === undefined) continue;
    const more = items.length === 1 ? '' : `, and ${items.length - 1} more break a rule of theirs`;
    const message = `${formatPurl(purl)}: expected ${typeProblem(purl)?.expected}${more}`;
    const about = { platform: platform.platform, document, pointer: first.component.pointer };
    context.add('sbom', 'warn', 'PURL_TYPE_RULE', message, {
      ...about,
      package: describePackage(first.component, first.identity),
    });
  }
}
