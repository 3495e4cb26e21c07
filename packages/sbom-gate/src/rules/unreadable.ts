import { compileGlob, type Glob, isGlob } from './glob.js';
import { foldName, indexName } from './identity.js';
import type { CompiledRule } from './match.js';
import { PatternIndex } from './pattern-index.js';

/** Longer texts are not looked through: any rule of their type may be about them. */
const mostCharacters = 1024;

interface Sought {
  readonly compiled: CompiledRule;
  /** Whether the name of the rule stands anywhere in a text. */
  readonly within: Glob;
}

/**
 * Finds the rule that a package URL may be about although it cannot be read. Whatever a reader would take for its name is in the
 * text, as it is or percent-encoded: a rule whose name does not, or that is of another type, is about something else.
 */
export class UnreadableNames {
  readonly #rules: readonly Sought[];
  readonly #index: PatternIndex<Sought>;

  constructor(rules: readonly CompiledRule[]) {
    const named = rules.map((compiled) => ({ compiled, name: compiled.rule.name ?? compiled.purl?.name ?? '' }));
    this.#rules = named.map(({ compiled, name }) => ({ compiled, within: anywhere(name) }));
    this.#index = new PatternIndex(this.#rules.map((rule, i) => [named[i]?.name ?? '', rule]));
  }

  /** A rule that the text may be about. */
  find(text: string): CompiledRule | undefined {
    const type = typeOf(text);
    const rules = text.length > mostCharacters ? this.#rules : this.#within(readingsOf(text));
    const sameType = ({ compiled }: Sought): boolean =>
      type === undefined || compiled.type === undefined || compiled.type === type;
    return rules.find(sameType)?.compiled;
  }

  #within(text: string): readonly Sought[] {
    const found = new Set<Sought>();
    this.#index.find(indexName(text), found);
    return [...found].filter(({ within }) => within(text));
  }
}

function anywhere(name: string): Glob {
  const indexed = indexName(name);
  if (!isGlob(name)) return (text) => indexName(text).includes(indexed);
  const folded = compileGlob(`*${foldName(name)}*`);
  const loose = compileGlob(`*${indexed}*`);
  return (text) => folded(foldName(text)) || loose(indexName(text));
}

/** The type, where it is beyond doubt. */
function typeOf(text: string): string | undefined {
  const type = /^pkg:\/*([a-z][a-z0-9.-]*)\//i.exec(text)?.[1]?.toLowerCase();
  return type === 'alpine' ? 'apk' : type;
}

/** The text as it stands and decoded, once and twice, one reading after the other. */
function readingsOf(text: string): string {
  const once = decodings(text);
  return [...new Set([text, ...once, ...decodings(once[0] ?? text)])].join(' ');
}

const escapes = /(?:%[0-9a-f]{2})+/gi;

/** Decoded, with what cannot be decoded kept, then with it left out in each way in which readers do. */
function decodings(text: string): string[] {
  const kept = text.replace(escapes, (run) => decode(run) ?? run);
  return [kept, kept.replace(/%[0-9a-f]{0,2}/gi, ''), kept.replace(/%[^%]{0,2}/g, ''), kept.replaceAll('%', '')];
}

function decode(run: string): string | undefined {
  try {
    return decodeURIComponent(run);
  } catch {
    return undefined;
  }
}
