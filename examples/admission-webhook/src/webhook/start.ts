import {
  type AdmissionHandler,
  createAdmissionHandler,
  createCachedImageVerifier,
  createGatekeeperProvider,
  verifyWith,
  webhookRegistry,
} from '@notarykit/admission';
import { serveAdmission } from '@notarykit/admission/node';
import type { Logger } from '@notarykit/common';
import { createRegistry, type RegistryEndpoint } from '@notarykit/registry-client';
import { dockerCredentials } from '@notarykit/registry-client/node';
import type { Settings } from './settings.js';
import { sharedCache } from './shared-cache.js';
import { loadTrust } from './trust.js';

/** A webhook that runs. */
export interface Webhook {
  readonly port: number;
  /** Says that it is not ready, and goes on answering. */
  drain(): void;
  close(): Promise<void>;
}

/** Paths of the Gatekeeper provider, beside `/mutate` and `/validate` of the webhook. */
export const providerPaths = { mutate: '/gatekeeper/mutate', validate: '/gatekeeper/validate' } as const;

export async function startWebhook(settings: Settings, logger: Logger): Promise<Webhook> {
  const trust = await loadTrust(settings.trustFolder, settings.reloadMs, logger);
  const shared = settings.redisUrl === undefined ? undefined : sharedCache(settings.redisUrl, logger);
  const verify = createCachedImageVerifier({
    ...verifyWith({ policy: () => trust.current(), open: repositories(settings) }),
    ...(shared === undefined ? {} : { cache: shared.cache }),
  });
  let draining = false;
  const webhook = createAdmissionHandler({
    review: { verify, mode: settings.mode },
    tags: 'digests',
    ready: () => !draining,
    logger,
  });
  const provider = createGatekeeperProvider({ verify, namespacedKeys: true });
  const handler: AdmissionHandler = (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === providerPaths.mutate) return provider.mutate(request);
    return pathname === providerPaths.validate ? provider.validate(request) : webhook(request);
  };
  const server = await serveAdmission(handler, { ...serveOptions(settings), logger });
  return {
    port: server.port,
    drain: () => {
      draining = true;
    },
    close: async () => {
      await server.close();
      trust.stop();
      await shared?.close();
    },
  };
}

function serveOptions({ port, host, reloadMs, clientCaFile, certFile, keyFile }: Settings) {
  const tls = { certFile, keyFile, ...(clientCaFile === undefined ? {} : { clientCaFile }) };
  return { port, reloadMs, tls, ...(host === undefined ? {} : { host }) };
}

/** One client for each registry, with the accounts of the mounted file. Names come from users: only so many are kept. */
function repositories({ dockerConfig }: Settings) {
  const endpoints = new Map<string, RegistryEndpoint>();
  const credentials =
    dockerConfig === undefined ? {} : { credentials: dockerCredentials({ configFile: dockerConfig }) };
  return ({ registry, repository }: { registry: string; repository: string }) => {
    const endpoint = endpoints.get(registry) ?? createRegistry({ registry, ...credentials, ...webhookRegistry });
    if (endpoints.size >= 100) endpoints.clear();
    endpoints.set(registry, endpoint);
    return endpoint.repository(repository);
  };
}
