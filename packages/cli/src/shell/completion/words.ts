import { type Command, partsOf } from '../command.js';
import { globalOptions } from '../format.js';
import type { OptionSpec } from '../option-spec.js';

/** What can be typed after the words of a command, or of a group of commands. */
export interface Place {
  /** The words so far, without the name of the program: `blob sign`; empty for the program itself. */
  readonly path: string;
  /** Words that may come next, each with what it is about. */
  readonly next: ReadonlyMap<string, string>;
  readonly options: readonly CompletedOption[];
}

/** An option as a shell completes it. */
export interface CompletedOption {
  readonly name: string;
  readonly short?: string;
  readonly help: string;
  /** What its value is: one of these words, a file, or nothing that a shell knows. Absent: it has none. */
  readonly value?: readonly string[] | 'file' | 'text';
}

const help: CompletedOption = { name: 'help', short: 'h', help: 'show this help' };

/** What there is to type. */
export interface Definitions {
  readonly commands: readonly Command[];
  /** What a command says that has others below it, and its other names. */
  readonly groups: Readonly<Record<string, string>>;
  readonly groupAliases: Readonly<Record<string, readonly string[]>>;
}

/** Every place of a command line, the program first. */
export function placesOf({ commands, groups, groupAliases }: Definitions): readonly Place[] {
  const places = new Map<string, { path: string; next: Map<string, string>; options: CompletedOption[] }>();
  const at = (path: string) => {
    const found = places.get(path) ?? {
      path,
      next: new Map(),
      options: [help, ...Object.entries(globalOptions).map(completed)],
    };
    places.set(path, found);
    return found;
  };
  at('');
  for (const command of commands) {
    const { words } = partsOf(command.usage);
    const named = (word: string, names: readonly string[], about: string, paths: readonly string[]) =>
      paths.flatMap((path) =>
        [word, ...names].map((name) => {
          at(path).next.set(name, about);
          return `${path} ${name}`.trim();
        }),
      );
    const above = words
      .slice(0, -1)
      .reduce<readonly string[]>(
        (paths, word) => named(word, groupAliases[word] ?? [], groups[word] ?? '', paths),
        [''],
      );
    for (const path of named(words.at(-1) ?? '', command.aliases ?? [], command.summary, above))
      at(path).options.unshift(...Object.entries(command.options).map(completed));
  }
  return [...places.values()];
}

function completed([name, { type, short, value, choices, help: text }]: readonly [
  string,
  OptionSpec,
]): CompletedOption {
  const kind = choices ?? (/^(path|folder|file|path:type)$/.test(value ?? '') ? 'file' : 'text');
  return { name, help: text, ...(short && { short }), ...(type === 'boolean' ? {} : { value: kind }) };
}
