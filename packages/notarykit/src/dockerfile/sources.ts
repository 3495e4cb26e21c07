import { readFields } from './flags.js';
import { type Instruction, parseInstruction } from './instruction.js';
import { ExpansionError } from './shell-error.js';
import { readShellText } from './shell-words.js';

/** What an instruction takes files from, as it is written. */
export interface Source {
  readonly keyword: 'COPY' | 'RUN';
  readonly line: number;
  readonly name: string;
}

/** The `--from` of COPY and the `from` of RUN mounts; none for what comes from the build context. */
export function sourcesOf(instruction: Instruction): readonly Source[] {
  const { keyword, line } = instruction;
  if (keyword !== 'COPY' && keyword !== 'RUN') return [];
  const names =
    keyword === 'COPY' ? valuesOf(instruction, 'from') : valuesOf(instruction, 'mount').map(mountFrom(line));
  return names.filter((name) => name !== '').map((name) => ({ keyword, line, name }));
}

function valuesOf({ flags }: Instruction, name: string): readonly string[] {
  const start = `--${name}=`;
  return flags.filter((flag) => flag.startsWith(start)).map((flag) => flag.slice(start.length));
}

/** Of several `from` the last one counts. */
const mountFrom =
  (line: number) =>
  (mount: string): string => {
    const from = readFields(mount, line)
      .filter((field) => /^from=/i.test(field))
      .at(-1);
    return from?.slice('from='.length) ?? '';
  };

/**
 * The trigger of an `ONBUILD`, which runs in the stages that build on this one. It is read anew then, with the backslash as escape
 * mark.
 */
export function triggerOf({ text, line }: Instruction): Instruction {
  return parseInstruction({ text, number: line }, '\\');
}

/** The frontend expands nothing in `--from`: a name that would change names nothing that can be checked. */
export function isPlain(name: string): boolean {
  try {
    return readShellText(name, { escapeMark: '\\', variables: new Map() }).text === name && !name.includes('`');
  } catch (error) {
    if (error instanceof ExpansionError) return false;
    throw error;
  }
}
