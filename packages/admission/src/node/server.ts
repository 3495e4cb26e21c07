import { createServer as createPlainServer, type Server as PlainServer } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@notarykit/common/internal';
import { closingServer } from '@notarykit/common/internal/node';
import { AdmissionError } from '../errors.js';
import type { AdmissionHandler } from '../http/plain.js';
import { listener } from './listener.js';
import { createReload, filesOf, readContext, reloadQuietly, type ServerTls } from './tls.js';
import { watchFiles } from './watch.js';

/** Where a server listens, and how it ends. */
export interface ListenOptions {
  /** Default 8443; 0 is any free port. */
  readonly port?: number;
  /** Default every address: the API server is on another host. */
  readonly host?: string;
  /** How often the files are looked at, milliseconds. Default 10,000. */
  readonly reloadMs?: number;
  /** How long requests under way may take after `close`, milliseconds. Default 10,000. */
  readonly graceMs?: number;
  readonly logger?: Logger;
}

/** Where and how to serve. */
export interface ServeAdmissionOptions extends ListenOptions {
  readonly tls: ServerTls;
}

/** A running server. */
export interface AdmissionServer {
  readonly port: number;
  /**
   * Reads the files again now, whether or not they changed.
   *
   * @throws {AdmissionError} `ERR_ADMISSION_CONFIG` for an invalid key pair; the old one goes on
   */
  reload(): Promise<void>;
  /**
   * Takes no new connection, lets requests under way finish, then ends what is left. From now on each answer says `Connection: close`;
   * a connection that was used in the last second may send one more request.
   */
  close(): Promise<void>;
}

/**
 * Serves a handler over TLS 1.3, as the API server and Gatekeeper demand it.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_CONFIG` for files that cannot be read or are not a key pair, and for an address that is taken
 *
 * @example
 * ```ts
 * const server = await serveAdmission(handler, { tls: { certFile: '/tls/tls.crt', keyFile: '/tls/tls.key' } });
 * process.once('SIGTERM', () => void server.close());
 * ```
 */
export async function serveAdmission(
  handler: AdmissionHandler,
  { tls, ...options }: ServeAdmissionOptions,
): Promise<AdmissionServer> {
  const { logger } = options;
  const watch = await watchFiles(filesOf(tls), () => reloadQuietly(reload, logger));
  const clients = tls.clientCaFile === undefined ? {} : { requestCert: true, rejectUnauthorized: true };
  const context = await readContext(tls);
  const server = createServer({ ...limits, ...clients, ...context }, listener(handler));
  const reload = createReload(server, tls, context);
  const running = await run(server, options, reload);
  const stop = watch.every(options.reloadMs ?? 10_000);
  return {
    ...running,
    close: () => {
      stop();
      return running.close();
    },
  };
}

/** The same server without TLS, for a process behind a proxy that terminates TLS. */
export function serveInPlainHttp(handler: AdmissionHandler, options: ListenOptions): Promise<AdmissionServer> {
  return run(createPlainServer(limits, listener(handler)), options, async () => undefined);
}

async function run(
  server: Server | PlainServer,
  options: ListenOptions,
  again: () => Promise<void>,
): Promise<AdmissionServer> {
  const close = closingServer(server);
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    reload: again,
    close: () => close({ graceMs: options.graceMs ?? 10_000 }),
  };
}

/** A slow sender must not hold a connection: handshake, headers and body have to be there in seconds. */
const limits: ServerOptions = {
  handshakeTimeout: 10_000,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
};

function listen(server: Server | PlainServer, { port = 8443, host }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error): void =>
      reject(new AdmissionError('ERR_ADMISSION_CONFIG', `cannot listen on port ${port}`, { cause }));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}
