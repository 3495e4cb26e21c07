import { quote } from '@notarykit/common/internal';
import { canonicalRepository, parseReference, type Reference } from '@notarykit/oci/internal';
import { NotaryKitError } from '../errors.js';
import type { BundledArtifact } from './document.js';
import { bundleProblem } from './problem.js';

/** Checks that a bundle holds what the caller expects, and nothing else: names select statements, and its maker chose them. */
export function checkExpected(artifacts: readonly BundledArtifact[], expected: readonly string[]): void {
  const wanted = expected.map((text) => ({ text, reference: read(text) }));
  const found = new Set(artifacts.flatMap(namesOf));
  const missing = wanted.find(({ reference }) => !found.has(wantedName(reference)));
  if (missing !== undefined) throw bundleProblem('ARTIFACT_MISSING', `the bundle holds no ${quote(missing.text)}`);
  const allowed = new Set(wanted.map(({ reference }) => wantedName(reference)));
  const extra = artifacts.find((artifact) => !namesOf(artifact).some((name) => allowed.has(name)));
  if (extra === undefined) return;
  const name = `${extra.repository}@${extra.descriptor.digest}`;
  throw bundleProblem('ARTIFACT_UNEXPECTED', `the bundle holds ${quote(name)}, which is not expected`);
}

function read(text: string): Reference {
  try {
    return parseReference(text);
  } catch (cause) {
    throw new NotaryKitError('ERR_NOTARYKIT_REFERENCE', `expect: ${(cause as Error).message}`, { cause });
  }
}

/** The names by which an artifact can be expected: its repository, with its digest, with its tag. */
function namesOf({ repository, tag, descriptor }: BundledArtifact): readonly string[] {
  const name = canonicalRepository(repository);
  return [
    keyOf(name),
    keyOf(name, { digest: descriptor.digest }),
    ...(tag === undefined ? [] : [keyOf(name, { tag })]),
  ];
}

/** A digest says more than the tag beside it. */
function wantedName({ registry, repository, tag, digest }: Reference): string {
  const name = canonicalRepository(`${registry}/${repository}`);
  if (digest !== undefined) return keyOf(name, { digest });
  return tag === undefined ? keyOf(name) : keyOf(name, { tag });
}

function keyOf(repository: string, { digest, tag }: { readonly digest?: string; readonly tag?: string } = {}): string {
  return JSON.stringify([repository, digest ?? null, tag ?? null]);
}
