import { canonicalRepository, parseReference } from '@notarykit/oci';

/** The name of a repository as files of mirrors speak of it. */
export interface PulledName {
  /** Host in small letters, with the port that was written. */
  readonly registry: string;
  readonly repository: string;
}

/**
 * Takes the name of a repository apart. The port stays, since the files tell `host` and `host:443` apart; Docker Hub is `docker.io`.
 *
 * @throws {OciError} `ERR_OCI_INVALID`
 */
export function pulledName(name: string): PulledName {
  const { registry, repository } = parseReference(name);
  const canonical = canonicalRepository(`${registry}/${repository}`);
  if (!canonical.startsWith('docker.io/')) return { registry: registry.toLowerCase(), repository };
  return { registry: 'docker.io', repository: canonical.slice('docker.io/'.length) };
}
