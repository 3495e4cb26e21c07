import { isDigest } from '@notarykit/oci/internal';
import type { CallFacts } from './call-facts.js';

/** The repositories among the first arguments of a verb, and what was asked for. */
export function subjectsOf(args: readonly unknown[]): CallFacts {
  const repositories = args.filter(isNamed).map(({ name }) => bounded(name));
  // Without a repository the first argument is content, a Dockerfile say, and must not be reported.
  const reference = repositories.length === 0 ? undefined : args.map(referenceIn).find((each) => each !== undefined);
  return { repositories, ...(reference !== undefined && { reference: bounded(reference) }) };
}

/** Digest and verdict of what a verb gave back, wherever it keeps them. */
export function factsOf(result: unknown): Pick<CallFacts, 'digest' | 'verdict'> {
  if (!isObject(result)) return {};
  const places = [result, result['artifact'], result['descriptor'], result['root'], result['image']].filter(isObject);
  const digest = places.map((place) => place['digest']).find((each) => typeof each === 'string' && isDigest(each));
  const decision = isObject(result['decision']) ? result['decision'] : result;
  const verdict = decision['verdict'];
  return {
    ...(typeof digest === 'string' && { digest }),
    ...(typeof verdict === 'string' && { verdict: bounded(verdict) }),
  };
}

function isNamed(value: unknown): value is { readonly name: string } {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['resolve'] === 'function';
}

/** A tag, digest or reference: the argument itself, or that of the options. */
function referenceIn(value: unknown): string | undefined {
  if (typeof value === 'string') return /^[\w.+:/@-]+$/.test(value) ? value : undefined;
  if (!isObject(value) || isNamed(value)) return undefined;
  if (typeof value['digest'] === 'string') return value['digest'];
  return [value['reference'], value['subject']].map(referenceIn).find((each) => each !== undefined);
}

/** A reference with an account before its host would carry a password; no observer needs more than this of it. */
function bounded(text: string): string {
  return text.replace(/^[^/@]*:[^/@]*@(?!sha)/, '').slice(0, 512);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
