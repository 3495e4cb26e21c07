import { quote } from '@notarykit/common/internal';
import { SignerError } from '@notarykit/signature-envelope/internal';

const keyPattern =
  /^projects\/[a-z0-9][a-z0-9.:_-]*\/locations\/[a-z0-9-]+\/keyRings\/[A-Za-z0-9_-]{1,63}\/cryptoKeys\/[A-Za-z0-9_-]{1,63}$/;
const versionPart = /\/cryptoKeyVersions\/[1-9][0-9]{0,17}$/;

/** Whether a name is that of one version of a key. */
export function isVersionName(name: unknown): name is string {
  return typeof name === 'string' && versionPart.test(name) && keyPattern.test(name.replace(versionPart, ''));
}

/**
 * A name of a key, or of one version of it: it is in the paths of requests.
 *
 * @throws {SignerError} reason `invalid-request`
 */
export function checkKeyName(name: string): void {
  if (isVersionName(name) || (typeof name === 'string' && keyPattern.test(name))) return;
  const expected = 'expected projects/P/locations/L/keyRings/R/cryptoKeys/K, with or without /cryptoKeyVersions/V';
  throw new SignerError(`Google Cloud KMS: ${expected}, found ${quote(name)}`, {
    reason: 'invalid-request',
    provider: 'gcp-kms',
  });
}
