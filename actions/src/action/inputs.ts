import { readFile } from 'node:fs/promises';
import { getInput, getMultilineInput } from '@actions/core';
import { isCodedError, quote } from '@notarykit/common';
import { inputError } from './errors.js';

/** The inputs of an action. One that its `action.yml` does not declare cannot be asked for. */
export interface Inputs<Name extends string> {
  /** Trimmed; undefined for an input that was left out or is empty. */
  text(name: Name): string | undefined;
  /** @throws {ActionError} `ERR_ACTION_INPUT` */
  required(name: Name): string;
  /** The lines that are not empty. */
  lines(name: Name): readonly string[];
  /** The lines as `name=value`. */
  pairs(name: Name): Readonly<Record<string, string>>;
  choice<T extends string>(name: Name, choices: readonly T[]): T | undefined;
  /** The input is the path of a file: what `parse` makes of its content. Undefined for an input that was left out. */
  file<T>(name: Name, parse: (content: Uint8Array<ArrayBuffer>) => T): Promise<T | undefined>;
}

/** The inputs of this run, as the runner hands them over in the environment. */
export function readInputs<Name extends string>(): Inputs<Name> {
  const text = (name: Name): string | undefined => getInput(name) || undefined;
  const lines = (name: Name): readonly string[] => getMultilineInput(name).filter((line) => line !== '');
  return {
    text,
    lines,
    required(name) {
      const value = text(name);
      if (value === undefined) throw inputError(name, 'it is required');
      return value;
    },
    pairs: (name) => readPairs(name, lines(name)),
    choice(name, choices) {
      const value = text(name);
      const choice = choices.find((one) => one === value);
      if (value !== undefined && choice === undefined)
        throw inputError(name, `expected ${choices.map(quote).join(' or ')}, found ${quote(value)}`);
      return choice;
    },
    async file(name, parse) {
      const path = text(name);
      return path === undefined ? undefined : await readParsed(name, path, parse);
    },
  };
}

/** A name that is given twice would lose one of its values, and with it what was demanded. */
function readPairs(name: string, lines: readonly string[]): Readonly<Record<string, string>> {
  const pairs = new Map<string, string>();
  for (const [key, value] of lines.map((line) => readPair(name, line))) {
    if (pairs.has(key)) throw inputError(name, `${quote(key)} is given twice`);
    pairs.set(key, value);
  }
  return Object.fromEntries(pairs);
}

function readPair(name: string, line: string): readonly [string, string] {
  const at = line.indexOf('=');
  if (at < 1) throw inputError(name, `expected name=value on each line, found ${quote(line)}`);
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

async function readParsed<T>(name: string, path: string, parse: (content: Uint8Array<ArrayBuffer>) => T): Promise<T> {
  try {
    return parse(new Uint8Array(await readFile(path)));
  } catch (cause) {
    if (isCodedError(cause)) throw inputError(name, `${quote(path)}: ${cause.message}`, cause);
    throw inputError(name, `${quote(path)} cannot be read; is the repository checked out, and the path right?`, cause);
  }
}
