import { defined, quote } from '@notarykit/common/internal';
import type { BaseImage } from './base-image.js';
import { contextOf } from './contexts.js';
import { dockerfileError } from './error.js';
import { imageOf, type Place } from './image-name.js';
import type { Instruction } from './instruction.js';
import type { Dockerfile } from './instructions.js';
import type { DockerfileOptions } from './options.js';
import { ExpansionError } from './shell-error.js';
import { readShellText, type ShellText } from './shell-words.js';
import { isPlain, type Source, sourcesOf, triggerOf } from './sources.js';
import { StageNames } from './stage-names.js';
import { globalVariables } from './variables.js';
import { splitAtBlanks } from './white-space.js';

/** A build stage. */
export interface Stage {
  /** Lower case; empty when it has none. */
  readonly name: string;
  /** Earlier stages by index, and images. */
  readonly uses: readonly (number | BaseImage)[];
}

/** A stage as it is written. */
interface Block {
  readonly name: string;
  readonly from: Instruction;
  readonly written: string;
  readonly instructions: readonly Instruction[];
  /** Those of the instructions that run where another stage builds on this one. */
  readonly triggers: readonly Instruction[];
}

/** Index of the stage of a name or number, or -1; the last of equal names wins. */
export function stageIndex(stages: readonly { readonly name: string }[], name: string): number {
  // Stages without a name have the name '', which no name equals.
  const byName = stages.map((stage) => stage.name).lastIndexOf(name.toLowerCase());
  return byName < 0 && /^[0-9]+$/.test(name) && Number(name) < stages.length ? Number(name) : byName;
}

/** Reads the stages of a Dockerfile and what each of them uses. */
export function readStages(file: Dockerfile, options: DockerfileOptions): readonly Stage[] {
  const blocks = readBlocks(file);
  const variables = globalVariables(file, options);
  const expand = (line: number, text: string): ShellText => {
    try {
      return readShellText(text, { escapeMark: file.escapeMark, variables });
    } catch (cause) {
      if (cause instanceof ExpansionError) throw dockerfileError(line, `${quote(text)}: ${cause.message}`, cause);
      throw cause;
    }
  };
  const stages: StagesOfFile = { blocks, names: new StageNames(blocks.map(({ name }) => name)), triggered: 0 };
  return blocks.map(({ name }, index) => ({ name, uses: new StageUses(stages, index, options, expand).all() }));
}

function readBlocks({ instructions }: Dockerfile): readonly Block[] {
  const blocks: {
    name: string;
    from: Instruction;
    written: string;
    instructions: Instruction[];
    triggers: Instruction[];
  }[] = [];
  for (const instruction of instructions) {
    const block = blocks.at(-1);
    if (instruction.keyword === 'FROM') blocks.push({ ...fromOf(instruction), instructions: [], triggers: [] });
    else if (block !== undefined) {
      block.instructions.push(instruction);
      if (instruction.keyword === 'ONBUILD') block.triggers.push(instruction);
    } else if (instruction.keyword !== 'ARG')
      throw dockerfileError(instruction.line, `expected FROM before ${instruction.keyword}`);
  }
  return blocks;
}

function fromOf(from: Instruction): Omit<Block, 'instructions' | 'triggers'> {
  const [written = '', as, name, ...more] = splitAtBlanks(from.text);
  if (written === '' || more.length > 0 || (as !== undefined && (as.toLowerCase() !== 'as' || name === undefined)))
    throw dockerfileError(
      from.line,
      `expected "FROM [--platform=P] image [AS name]", found ${quote(`FROM ${from.text}`)}`,
    );
  return { from, written, name: stageName(from.line, name) };
}

function stageName(line: number, name: string | undefined): string {
  if (name === undefined) return '';
  const lower = name.toLowerCase();
  if (!/^[a-z][a-z0-9\-_.]*$/.test(lower))
    throw dockerfileError(line, `expected a stage name of letters, digits and "-_.", found ${quote(name)}`);
  return lower;
}

/** A few lines of triggers, run in each of many stages, make much work. */
const mostTriggered = 10_000;

/** What the stages of a file share. */
interface StagesOfFile {
  readonly blocks: readonly Block[];
  readonly names: StageNames;
  /** How many triggers have run. */
  triggered: number;
}

type Expand = (line: number, text: string) => ShellText;

/** What one stage uses: its base, and what its instructions take files from. */
class StageUses {
  readonly #file: StagesOfFile;
  readonly #index: number;
  readonly #options: DockerfileOptions;
  readonly #expand: Expand;

  constructor(file: StagesOfFile, index: number, options: DockerfileOptions, expand: Expand) {
    this.#file = file;
    this.#index = index;
    this.#options = options;
    this.#expand = expand;
  }

  all(): readonly (number | BaseImage)[] {
    const base = this.#base();
    return [...base, ...this.#triggers(base), ...this.#files(this.#block.instructions)];
  }

  get #block(): Block {
    return this.#file.blocks[this.#index] as Block;
  }

  /** Triggers of the stage that this one builds on run here. */
  #triggers([base]: readonly (number | BaseImage)[]): readonly (number | BaseImage)[] {
    if (typeof base !== 'number') return [];
    const triggers = this.#file.blocks[base]?.triggers ?? [];
    this.#file.triggered += triggers.length;
    if (this.#file.triggered > mostTriggered)
      throw dockerfileError(
        this.#block.from.line,
        `expected at most ${mostTriggered} ONBUILD instructions to run in all`,
      );
    return this.#files(triggers.map(triggerOf));
  }

  #files(instructions: readonly Instruction[]): readonly (number | BaseImage)[] {
    return instructions.flatMap(sourcesOf).flatMap((source) => this.#source(source));
  }

  #platform(): string | undefined {
    const { line, flags } = this.#block.from;
    const [flag, ...more] = flags;
    const unknown = flags.find((each) => !each.startsWith('--platform='));
    if (unknown !== undefined || more.length > 0)
      throw dockerfileError(line, `FROM has only the flag --platform, once; found ${quote(unknown ?? more[0])}`);
    if (flag === undefined) return this.#options.platform;
    const { text, unset } = this.#expand(line, flag.slice('--platform='.length));
    if (text === '' && unset.length === 0) throw dockerfileError(line, `expected a platform, found ${quote(flag)}`);
    return unset.length > 0 ? undefined : text;
  }

  #base(): readonly (number | BaseImage)[] {
    const { from, written, name } = this.#block;
    const platform = this.#platform();
    const { line } = from;
    const place: Place = { line, instruction: 'FROM', written, ...defined({ platform }) };
    const { text, unset } = this.#expand(line, written);
    const ofStage = name === '' ? undefined : contextOf(this.#options.contexts, name, platform);
    if (ofStage !== undefined) return contextImage(place, ofStage);
    if (unset.length > 0) return [{ ...place, unresolved: `no value for ${unset.join(', ')}` }];
    if (text === '')
      throw dockerfileError(line, `expected the name of an image, found ${quote(written)}, which is empty`);
    // Names of stages are in lower case, and only earlier ones count.
    const index = this.#file.names.lastBefore(text, this.#index);
    return index >= 0 ? [index] : this.#image(place, text, platform);
  }

  #source({ keyword, line, name }: Source): readonly (number | BaseImage)[] {
    const place: Place = { line, instruction: keyword, written: name };
    if (!isPlain(name)) return [{ ...place, unresolved: 'variables, quotes and escapes are not expanded here' }];
    // Only COPY knows stages by number.
    const number = keyword === 'COPY' && /^[+-]?[0-9]{1,18}$/.test(name) ? Number(name) : undefined;
    const index = number ?? this.#file.names.last(name.toLowerCase());
    if (number === undefined && index < 0) return this.#image(place, name, this.#options.platform);
    if (index >= 0 && index < this.#index) return [index];
    return [{ ...place, unresolved: 'the stage with this name or number does not come before this one' }];
  }

  #image(place: Place, name: string, platform: string | undefined): readonly BaseImage[] {
    const context = contextOf(this.#options.contexts, name, platform);
    if (context !== undefined) return contextImage(place, context);
    return name === 'scratch' ? [] : [imageOf(place, name)];
  }
}

/** A context that is not an image cannot be verified, but the caller has named it: it is not part of the file. */
function contextImage(place: Place, context: string): readonly BaseImage[] {
  const [, image] = /^docker-image:(?:\/\/)?(.*)$/.exec(context) ?? [];
  return image === undefined || image === 'scratch' ? [] : [imageOf(place, image)];
}
