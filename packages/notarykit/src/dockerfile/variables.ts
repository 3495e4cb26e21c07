import { dockerfileError } from './error.js';
import type { Instruction } from './instruction.js';
import type { Dockerfile } from './instructions.js';
import type { EscapeMark } from './lines.js';
import type { DockerfileOptions } from './options.js';
import { ExpansionError } from './shell-error.js';
import { readShellText, type Variables } from './shell-words.js';
import { isSpace } from './white-space.js';

/** Variables that FROM sees: platform arguments, which need not be declared, and every ARG before the first FROM. */
export function globalVariables(
  file: Dockerfile,
  options: Pick<DockerfileOptions, 'buildArgs' | 'platform' | 'target'>,
): Variables {
  const given = new Map(Object.entries(options.buildArgs ?? {}));
  const variables = new Map<string, string | null>();
  for (const [name, value] of platformArguments(options)) variables.set(name, given.get(name) ?? value);
  for (const instruction of file.instructions) {
    if (instruction.keyword === 'FROM') break;
    if (instruction.keyword === 'ARG') declare(instruction, variables, given, file.escapeMark);
  }
  return variables;
}

function declare(
  { text, line }: Instruction,
  variables: Map<string, string | null>,
  given: ReadonlyMap<string, string>,
  escapeMark: EscapeMark,
): void {
  for (const word of splitQuoted(text, escapeMark)) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const value = given.get(name);
    if (value !== undefined) variables.set(name, value);
    else if (equals >= 0) variables.set(name, defaultValue(word.slice(equals + 1), variables, escapeMark, line));
  }
}

/** An unset variable is empty here; one whose value is not known leaves the argument unknown. */
function defaultValue(text: string, variables: Variables, escapeMark: EscapeMark, line: number): string | null {
  try {
    const value = readShellText(text, { escapeMark, variables });
    return value.unset.some((name) => variables.get(name) === null) ? null : value.text;
  } catch (cause) {
    if (cause instanceof ExpansionError) throw dockerfileError(line, cause.message, cause);
    throw cause;
  }
}

/** Splits text at white space outside quotes; quotes and escapes stay in the words. */
function splitQuoted(text: string, escapeMark: EscapeMark): readonly string[] {
  const words: string[] = [];
  let word = '';
  let quoteMark = '';
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (quoteMark === '' && isSpace(character)) {
      if (word !== '') words.push(word);
      word = '';
    } else if (character === escapeMark && quoteMark !== "'") {
      word += i + 1 < text.length ? character + text.charAt(++i) : '';
    } else {
      if (character === quoteMark) quoteMark = '';
      else if (quoteMark === '' && (character === '"' || character === "'")) quoteMark = character;
      word += character;
    }
  }
  return word === '' ? words : [...words, word];
}

const parts = ['PLATFORM', 'OS', 'ARCH', 'VARIANT', 'OSVERSION'];

/** Always set by the frontend: where the caller does not say the platform, their values are not known. */
function* platformArguments({
  platform,
  target,
}: Pick<DockerfileOptions, 'platform' | 'target'>): Generator<[string, string | null]> {
  const [os = '', architecture = '', variant = ''] = platform?.split('/') ?? [];
  const values = [platform, os, architecture, variant, ''];
  for (const side of ['TARGET', 'BUILD'])
    for (const [i, part] of parts.entries())
      yield [`${side}${part}`, platform === undefined ? null : (values[i] as string)];
  yield ['TARGETSTAGE', target ?? null];
}
