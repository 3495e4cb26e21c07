import { quote } from '@notarykit/common';
import { ExpansionError, expandWord, type Variables } from './expand.js';
import { imageOf } from './image-name.js';
import type { BaseImage, DockerfileOptions } from './images.js';
import { type Dockerfile, dockerfileError, type Instruction } from './instructions.js';
import { globalVariables } from './variables.js';
import { splitWords } from './words.js';

/** A build stage. */
export interface Stage {
  /** Lower case; empty when it has none. */
  readonly name: string;
  /** Earlier stages by index, and images. */
  readonly uses: (number | BaseImage)[];
}

interface Source {
  readonly keyword: 'COPY' | 'RUN';
  readonly name: string;
}

/** Index of the stage that a name or number means, or -1; the last of equal names wins. */
export function stageIndex(stages: readonly Stage[], name: string): number {
  // Stages without a name have the name '', which no name equals.
  const byName = stages.map((stage) => stage.name).lastIndexOf(name.toLowerCase());
  return byName < 0 && /^[0-9]+$/.test(name) && Number(name) < stages.length ? Number(name) : byName;
}

/** Reads the stages of a Dockerfile and what each of them uses. */
export class StageReader {
  readonly #file: Dockerfile;
  readonly #options: DockerfileOptions;
  readonly #variables: Variables;
  readonly #stages: Stage[] = [];

  constructor(file: Dockerfile, options: DockerfileOptions) {
    this.#file = file;
    this.#options = options;
    this.#variables = globalVariables(file, options);
  }

  stages(): readonly Stage[] {
    for (const instruction of this.#file.instructions) this.#read(instruction);
    return this.#stages;
  }

  #read(instruction: Instruction): void {
    if (instruction.keyword === 'FROM') {
      this.#from(instruction);
      return;
    }
    const stage = this.#stages.at(-1);
    const before = ['ARG', 'FROM'].includes(instruction.keyword);
    if (stage === undefined && !before)
      throw dockerfileError(instruction.line, `expected FROM before ${instruction.keyword}`);
    for (const source of sources(instruction, this.#file.escapeMark))
      stage?.uses.push(this.#use(instruction, source.keyword, source.name));
  }

  #from(instruction: Instruction): void {
    const words = splitWords(instruction.text, this.#file.escapeMark);
    const start = words.findIndex((word) => !word.startsWith('--'));
    const [flags, rest] = start < 0 ? [words, []] : [words.slice(0, start), words.slice(start)];
    const [written, as, name] = rest;
    if (written === undefined || !(rest.length === 1 || (rest.length === 3 && as?.toLowerCase() === 'as'))) {
      throw dockerfileError(
        instruction.line,
        `expected "FROM [--platform=P] image [AS name]", found ${quote(instruction.text)}`,
      );
    }
    const platform = this.#platform(instruction, flags);
    const use = this.#base(instruction, written, platform);
    this.#stages.push({ name: stageName(instruction, name), uses: use === undefined ? [] : [use] });
  }

  #platform({ line }: Instruction, flags: readonly string[]): string | undefined {
    const unknown = flags.find((flag) => !flag.startsWith('--platform='));
    if (unknown !== undefined)
      throw dockerfileError(line, `FROM has only the flag --platform, found ${quote(unknown)}`);
    const [flag] = flags;
    return flag === undefined ? this.#options.platform : this.#expand(line, flag.slice('--platform='.length)).text;
  }

  #base({ line }: Instruction, written: string, platform: string | undefined): number | BaseImage | undefined {
    const { text, unset } = this.#expand(line, written);
    const unresolved =
      unset.length > 0 ? `no value for ${unset.join(', ')}` : text === '' ? 'the name is empty' : undefined;
    const place = platform === undefined ? {} : { platform };
    if (unresolved !== undefined) return { line, instruction: 'FROM', written, unresolved, ...place };
    if (text === 'scratch') return undefined;
    const use = this.#named('FROM', line, written, text, false);
    return typeof use === 'object' ? { ...use, ...place } : use;
  }

  #use({ line }: Instruction, keyword: 'COPY' | 'RUN', written: string): number | BaseImage {
    // BuildKit does not expand variables in `--from`: what has one names nothing that can be checked.
    if (written.includes('$'))
      return { line, instruction: keyword, written, unresolved: 'variables are not expanded here' };
    return (
      this.#named(keyword, line, written, written, true) ?? {
        line,
        instruction: keyword,
        written,
        unresolved: 'a build context that is no image',
      }
    );
  }

  /** A name is an earlier stage, a named context, or an image; `undefined` for a context that is no image. */
  #named(
    instruction: 'FROM' | 'COPY' | 'RUN',
    line: number,
    written: string,
    name: string,
    numbers: boolean,
  ): number | BaseImage | undefined {
    const context = this.#options.contexts?.[name];
    if (context !== undefined)
      return context.startsWith('docker-image://') ? imageOf(line, instruction, written, context.slice(15)) : undefined;
    const current = numbers ? this.#stages.slice(0, -1) : this.#stages;
    const index = !numbers && /^[0-9]+$/.test(name) ? -1 : stageIndex(current, name);
    return index >= 0 ? index : imageOf(line, instruction, written, name);
  }

  #expand(line: number, word: string): { text: string; unset: readonly string[] } {
    try {
      return expandWord(word, this.#variables, this.#file.escapeMark);
    } catch (error) {
      if (error instanceof ExpansionError) throw dockerfileError(line, `${quote(word)}: ${error.message}`);
      throw error;
    }
  }
}

function stageName({ line }: Instruction, name: string | undefined): string {
  if (name === undefined) return '';
  const lower = name.toLowerCase();
  if (!/^[a-z][a-z0-9\-_.]*$/.test(lower))
    throw dockerfileError(line, `expected a stage name of letters, digits and "-_.", found ${quote(name)}`);
  return lower;
}

/** The `from` of COPY flags and RUN mounts. */
function sources({ keyword, text }: Instruction, escapeMark: '\\' | '`'): Source[] {
  if (keyword !== 'COPY' && keyword !== 'RUN') return [];
  const words = splitWords(text, escapeMark);
  const end = words.findIndex((word) => !word.startsWith('--'));
  return words.slice(0, end < 0 ? words.length : end).flatMap((flag): Source[] => {
    if (keyword === 'COPY') return flag.startsWith('--from=') ? [{ keyword, name: flag.slice(7) }] : [];
    if (!flag.startsWith('--mount=')) return [];
    return flag
      .slice(8)
      .split(',')
      .flatMap((part) => (/^from=/i.test(part) ? [{ keyword, name: part.slice(5) }] : []));
  });
}
