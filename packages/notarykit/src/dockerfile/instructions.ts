import { defined, quote, requireText } from '@notarykit/common/internal';
import { readEscapeMark, readSyntax } from './directives.js';
import { dockerfileError } from './error.js';
import { type Heredoc, heredocsOf } from './heredocs.js';
import { type Instruction, parseInstruction } from './instruction.js';
import { type EscapeMark, type Line, LineReader, splitLines } from './lines.js';

/** A Dockerfile in its parts. */
export interface Dockerfile {
  /** The frontend image of `# syntax=`. */
  readonly syntax?: Line;
  readonly escapeMark: EscapeMark;
  readonly instructions: readonly Instruction[];
}

/**
 * Splits a Dockerfile into instructions: parser directives, continuation lines, comments and here-documents as the BuildKit
 * frontend reads them. What that frontend refuses may be refused here with another reason, or read.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_DOCKERFILE`
 */
export function parseInstructions(text: string): Dockerfile {
  const lines = splitLines(requireText(text, 'Dockerfile'));
  const syntax = readSyntax(lines);
  const escapeMark = readEscapeMark(lines);
  const instructions = [...readInstructions(new LineReader(lines, escapeMark), escapeMark)];
  return { ...defined({ syntax }), escapeMark, instructions };
}

function* readInstructions(reader: LineReader, escapeMark: EscapeMark): Generator<Instruction> {
  for (let line = reader.next(); line !== undefined; line = reader.next()) {
    const instruction = parseInstruction(line, escapeMark);
    for (const heredoc of heredocsOf(line, instruction, escapeMark)) skip(reader, heredoc, line.number);
    yield instruction;
  }
}

/** The body of a here-document is data: a `FROM` inside it is not an instruction. */
function skip(reader: LineReader, { name, tabs }: Heredoc, number: number): void {
  for (let line = reader.raw(); line !== undefined; line = reader.raw())
    if ((tabs ? line.replace(/^\t+/, '') : line) === name) return;
  throw dockerfileError(number, `expected the here-document to end with ${quote(name)}, found the end of the file`);
}
