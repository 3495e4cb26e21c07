import { quote } from '@notarykit/common/internal';
import { dockerfileError } from './error.js';
import { readFlags } from './flags.js';
import type { EscapeMark, Line } from './lines.js';
import { splitFirst, trim } from './white-space.js';

/** One instruction of a Dockerfile with its continuation lines joined and its here-documents left out. */
export interface Instruction {
  /** Upper case. */
  readonly keyword: string;
  readonly flags: readonly string[];
  /** Everything after keyword and flags. */
  readonly text: string;
  /** Line of the keyword, from 1. */
  readonly line: number;
}

const keywords = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

/**
 * One instruction on one line.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_DOCKERFILE`
 */
export function parseInstruction({ text, number }: Line, escapeMark: EscapeMark): Instruction {
  const [first, after] = splitFirst(trim(text));
  const keyword = first.toUpperCase();
  if (!keywords.has(keyword)) throw dockerfileError(number, `expected an instruction, found ${quote(first)}`);
  const { flags, rest } = readFlags(after, escapeMark, number);
  return { keyword, flags, text: trim(rest), line: number };
}
