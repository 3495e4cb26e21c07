import { once } from 'node:events';
import { createMetrics, createVerificationRoutes } from '@notarykit/admission/internal';
import { type ServeVerificationOptions, serveVerification } from '@notarykit/admission/node';
import { sleep } from '@notarykit/common/internal';
import type { Command } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { networkOptions, readNetwork } from '../shell/network.js';
import { plainHttpOptions } from '../shell/plain-http.js';
import { revocationNetwork, revocationOptions } from '../shell/revocation.js';
import { type Listening, readListening, servingOptions } from '../shell/serve/listening.js';
import { logger } from '../shell/serve/log.js';
import { type ServedPolicy, servedPolicy } from '../shell/serve/policy.js';
import { servedRegistries } from '../shell/serve/registries.js';
import { openSharedCache, readSharing, sharedCacheOptions } from '../shell/serve/shared-cache.js';
import type { Terminal } from '../shell/terminal.js';

export const serveCommand: Command = {
  usage: 'serve',
  summary: 'Answer over HTTP whether images are trusted, to policy engines, deployment hooks and other languages',
  options: {
    ...servingOptions,
    'gate-policy': {
      type: 'string',
      value: 'path',
      help: 'deployment policy, JSON or YAML, by which /v1/gate decides',
    },
    allow: {
      type: 'string',
      value: 'name',
      multiple: true,
      help: 'registry or repository that may be asked about, with all below it; default: what the trust policy is about',
    },
    'registry-addresses': {
      type: 'string',
      value: 'network',
      choices: ['public', 'any'],
      help: 'where registries may be: on public addresses (the default), or anywhere; names come from callers',
    },
    ...plainHttpOptions,
    ...sharedCacheOptions,
    ...revocationOptions,
    ...networkOptions,
  },
  examples: [
    'serve --tls-cert-file tls.crt --tls-key-file tls.key --token-file tokens',
    'serve --host 0.0.0.0 --tls-cert-file tls.crt --tls-key-file tls.key --client-ca-file clients.crt --gate-policy gate.yaml',
  ],
  async run(args, terminal) {
    const [listening, sharing] = [readListening(args), readSharing(args)];
    const network = await readNetwork(args);
    const policy = await servedPolicy(args, revocationNetwork(args, network));
    const shared = sharing === undefined ? undefined : await openSharedCache(sharing);
    try {
      const metrics = createMetrics();
      const routes = createVerificationRoutes({
        policy: policy.current,
        ...servedRegistries(args, network),
        ...(shared === undefined ? {} : { cache: shared.cache }),
        ...(args.texts('allow').length === 0 ? {} : { allow: args.texts('allow') }),
        onLookup: (result) => metrics.count('notarykit_service_lookups', { result }),
      });
      await serveUntilTold({ ...listening, routes, metrics }, policy, terminal);
    } finally {
      policy.stop();
      await shared?.close();
    }
    return exitCodes.trusted;
  },
};

type Serving = Omit<ServeVerificationOptions, 'ready'> & Pick<Listening, 'host' | 'drainMs'>;

/** Serves until SIGTERM or SIGINT; SIGHUP reads all files again now. */
async function serveUntilTold(options: Serving, policy: ServedPolicy, terminal: Terminal): Promise<void> {
  let draining = false;
  const server = await serveVerification({ ...options, logger, ready: () => !draining });
  const again = (): void => void Promise.allSettled([policy.check(), server.reload()]);
  process.on('SIGHUP', again);
  const ended = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const scheme = options.tls === undefined ? 'http' : 'https';
  terminal.result({ port: server.port }, `listening on ${scheme}://${options.host}:${server.port}`);
  await ended;
  draining = true;
  // Callers go on sending until they have seen that this server is not ready.
  await sleep(options.drainMs);
  await server.close();
  process.off('SIGHUP', again);
}
