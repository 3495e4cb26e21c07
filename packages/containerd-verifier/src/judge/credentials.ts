import { defined, type Logger } from '@notarykit/common/internal';
import type { Credential, CredentialProvider } from '@notarykit/registry-client';
import { dockerCredentials, type PullSource } from '@notarykit/registry-client/node';
import { kubeletCredentials } from '../kubelet/kubelet-credentials.js';
import type { CredentialSettings } from '../settings/settings.js';

/** The accounts of a node for one place that an image is pulled from: docker's files first, then the kubelet's providers. */
export function credentialsFor(
  { repository }: PullSource,
  { dockerConfigs, kubelet }: CredentialSettings,
  logger: Logger,
): CredentialProvider {
  const docker = (dockerConfigs ?? [undefined]).map((configFile) =>
    dockerCredentials({ repository, helperTimeoutMs, ...defined({ configFile }) }),
  );
  return firstOf(kubelet === undefined ? docker : [...docker, kubeletCredentials({ ...kubelet, repository, logger })]);
}

/** Helpers run in separate process groups, which containerd does not end: none may outlive the verifier for long. */
const helperTimeoutMs = 5_000;

/** The first account that one of them has, and that was not refused. */
export function firstOf(providers: readonly CredentialProvider[]): CredentialProvider {
  return {
    async get(request) {
      for (const provider of providers) {
        const found = await provider.get(request);
        if (found !== undefined && !isSame(found, request.refused)) return found;
      }
      return undefined;
    },
  };
}

function isSame(one: Credential, other: Credential | undefined): boolean {
  const secrets = ({ username, password, refreshToken, accessToken }: Credential): string =>
    JSON.stringify([username, password, refreshToken, accessToken]);
  return other !== undefined && secrets(one) === secrets(other);
}
