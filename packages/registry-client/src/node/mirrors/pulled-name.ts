import { canonicalRepository, parseReference } from '@notarykit/oci/internal';

/** The name of a repository in the form that mirror files use. */
export interface PulledName {
  /** Host in lower case, with the port as it was written. */
  readonly registry: string;
  readonly repository: string;
}

/**
 * Splits the name of a repository. The port stays, since `host` and `host:443` differ in these files; Docker Hub is `docker.io`.
 *
 * @throws {OciError} `ERR_OCI_INVALID`
 */
export function pulledName(name: string): PulledName {
  const { registry, repository } = parseReference(name);
  const canonical = canonicalRepository(`${registry}/${repository}`);
  if (!canonical.startsWith('docker.io/')) return { registry: registry.toLowerCase(), repository };
  return { registry: 'docker.io', repository: canonical.slice('docker.io/'.length) };
}
