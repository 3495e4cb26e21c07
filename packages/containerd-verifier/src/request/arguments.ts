import { quote } from '@notarykit/common/internal';
import { VerifierError } from '../errors.js';

/** The command line of containerd for an image. */
export interface VerifierArguments {
  /** The reference that is pulled. */
  readonly name: string;
  /** The digest that it was resolved to. */
  readonly digest: string;
  readonly stdinMediaType: string;
}

const members = { name: 'name', digest: 'digest', 'stdin-media-type': 'stdinMediaType' } as const;

/**
 * Reads `-name <reference> -digest <digest> -stdin-media-type <type>` as Go's package `flag` writes it: one dash or two, the value in the
 * next word or after `=`. Unknown, repeated and missing options are refused: they may decide what must be verified.
 *
 * @throws {VerifierError} `ERR_VERIFIER_REQUEST`
 *
 * @see https://github.com/containerd/containerd/blob/main/docs/image-verification.md
 */
export function parseArguments(words: readonly string[]): VerifierArguments {
  const found = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const [, name, behind] = /^--?([a-z-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === undefined || !Object.hasOwn(members, name) || found.has(name))
      throw refuse(`expected each of -${Object.keys(members).join(', -')} once, found ${quote(word)}`);
    found.set(name, behind ?? words[++i] ?? '');
  }
  const [name, digest, stdinMediaType] = Object.keys(members).map((each) => requiredOf(found, each));
  return { name, digest, stdinMediaType } as VerifierArguments;
}

function requiredOf(found: ReadonlyMap<string, string>, name: string): string {
  const value = found.get(name) ?? '';
  if (value === '') throw refuse(`expected -${name} with a value`);
  return value;
}

function refuse(message: string): VerifierError {
  return new VerifierError('ERR_VERIFIER_REQUEST', `command line: ${message}`);
}
