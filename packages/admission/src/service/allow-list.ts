import { defined, quote } from '@notarykit/common/internal';
import { canonicalHost, parseReference } from '@notarykit/oci/internal';
import { AdmissionError } from '../errors.js';

/**
 * Entries of an allow-list in their canonical spelling. One may be a part of a name, so that `docker.io/team` is not an official image.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_CONFIG` for what is neither a registry nor a repository
 */
export function checkAllowList(entries: readonly string[]): readonly string[] {
  if (!Array.isArray(entries)) throw new AdmissionError('ERR_ADMISSION_CONFIG', 'allow: expected an array of names');
  return entries.map(canonical);
}

function canonical(entry: string): string {
  const probe = String(entry).includes('/') ? entry : `${entry}/x`;
  try {
    const { registry, repository, tag, digest } = parseReference(probe);
    if (tag === undefined && digest === undefined)
      return probe === entry ? `${canonicalHost(registry)}/${repository}` : canonicalHost(registry);
  } catch (cause) {
    throw notAName(entry, cause);
  }
  throw notAName(entry);
}

function notAName(entry: string, cause?: unknown): AdmissionError {
  const message = `allow: expected registry.example.com or registry.example.com/team, found ${quote(entry)}`;
  return new AdmissionError('ERR_ADMISSION_CONFIG', message, defined({ cause }));
}

/** Whether an entry is the repository, or above it. */
export function isAllowed(allowed: readonly string[], repository: string): boolean {
  return allowed.some((entry) => repository === entry || repository.startsWith(`${entry}/`));
}
