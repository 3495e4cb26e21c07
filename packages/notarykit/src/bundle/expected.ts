import { quote } from '@notarykit/common';
import { canonicalRepository, parseReference, type Reference } from '@notarykit/oci';
import { NotaryKitError } from '../errors.js';
import type { BundledArtifact } from './document.js';
import { bundleProblem } from './problem.js';

/** Checks that a bundle holds what the caller expects, and nothing else: names select statements, and its maker chose them. */
export function checkExpected(artifacts: readonly BundledArtifact[], expected: readonly string[]): void {
  const wanted = expected.map((text) => ({ text, reference: read(text) }));
  const missing = wanted.find(({ reference }) => !artifacts.some((artifact) => fits(artifact, reference)));
  if (missing !== undefined) throw bundleProblem('ARTIFACT_MISSING', `the bundle holds no ${quote(missing.text)}`);
  const extra = artifacts.find((artifact) => !wanted.some(({ reference }) => fits(artifact, reference)));
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

function fits({ repository, tag, descriptor }: BundledArtifact, wanted: Reference): boolean {
  const name = canonicalRepository(`${wanted.registry}/${wanted.repository}`);
  if (canonicalRepository(repository) !== name) return false;
  if (wanted.digest !== undefined) return wanted.digest === descriptor.digest;
  return wanted.tag === undefined || wanted.tag === tag;
}
