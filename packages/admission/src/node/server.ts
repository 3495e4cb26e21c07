import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Logger } from '@notarykit/common';
import { closingServer } from '@notarykit/common/node';
import { AdmissionError } from '../errors.js';
import type { AdmissionHandler } from '../http/handler.js';
import { listener } from './listener.js';
import { watchFiles } from './watch.js';

/** Files of the server's key pair, PEM; read again when they change. */
export interface ServerTls {
  readonly certFile: string;
  readonly keyFile: string;
  /** Only clients with a certificate of this authority may connect. */
  readonly clientCaFile?: string;
}

/** Where and how to serve. */
export interface ServeAdmissionOptions {
  /** Default 8443; 0 is any free port. */
  readonly port?: number;
  /** Default every address: the API server is on another host. */
  readonly host?: string;
  readonly tls: ServerTls;
  /** How often the files are looked at, milliseconds. Default 10,000. */
  readonly reloadMs?: number;
  /** How long requests under way may take after `close`, milliseconds. Default 10,000. */
  readonly graceMs?: number;
  readonly logger?: Logger;
}

/** A running server. */
export interface AdmissionServer {
  readonly port: number;
  /**
   * Reads the files again now, whether or not they changed.
   *
   * @throws {AdmissionError} `ERR_ADMISSION_CONFIG` for a key pair that is none; the old one goes on
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
 * @throws {AdmissionError} `ERR_ADMISSION_CONFIG` for files that cannot be read or are no key pair, and for an address that is taken
 *
 * @example
 * ```ts
 * const server = await serveAdmission(handler, { tls: { certFile: '/tls/tls.crt', keyFile: '/tls/tls.key' } });
 * process.once('SIGTERM', () => void server.close());
 * ```
 */
export async function serveAdmission(
  handler: AdmissionHandler,
  options: ServeAdmissionOptions,
): Promise<AdmissionServer> {
  const { tls, logger } = options;
  const watch = await watchFiles(filesOf(tls), () => reloadQuietly(server, tls, logger));
  const clients = tls.clientCaFile === undefined ? {} : { requestCert: true, rejectUnauthorized: true };
  const server = createServer({ ...limits, ...clients, ...(await readContext(tls)) }, listener(handler));
  const close = closingServer(server);
  await listen(server, options);
  const stop = watch.every(options.reloadMs ?? 10_000);
  return {
    port: (server.address() as AddressInfo).port,
    reload: () => reload(server, tls),
    close: async () => {
      stop();
      await close({ graceMs: options.graceMs ?? 10_000 });
    },
  };
}

/** A slow sender must not hold a connection: handshake, headers and body have to be there in seconds. */
const limits: ServerOptions = {
  handshakeTimeout: 10_000,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
};

const filesOf = ({ certFile, keyFile, clientCaFile }: ServerTls): readonly string[] => [
  certFile,
  keyFile,
  ...(clientCaFile === undefined ? [] : [clientCaFile]),
];

/** What the files hold, tried out: a pair that is half written does not fit. */
async function readContext({ certFile, keyFile, clientCaFile }: ServerTls): Promise<SecureContextOptions> {
  try {
    const [cert, key, ca] = await Promise.all([
      readFile(certFile),
      readFile(keyFile),
      clientCaFile === undefined ? undefined : readFile(clientCaFile),
    ]);
    const context: SecureContextOptions = { cert, key, minVersion: 'TLSv1.3', ...(ca === undefined ? {} : { ca }) };
    createSecureContext(context);
    return context;
  } catch (cause) {
    throw new AdmissionError('ERR_ADMISSION_CONFIG', `expected a key pair in ${certFile} and ${keyFile}`, { cause });
  }
}

async function reload(server: Server, tls: ServerTls): Promise<void> {
  const context = await readContext(tls);
  // Some runtimes have no such method, whatever their types say.
  if (typeof (server as Partial<Server>).setSecureContext !== 'function')
    throw new AdmissionError(
      'ERR_ADMISSION_CONFIG',
      'this runtime cannot change the certificate of a server that runs: expected setSecureContext of node:https; start the server anew',
    );
  server.setSecureContext(context);
}

async function reloadQuietly(server: Server, tls: ServerTls, logger: Logger | undefined): Promise<boolean> {
  try {
    await reload(server, tls);
    logger?.info?.('certificates reloaded');
    return true;
  } catch (error) {
    logger?.warn?.('certificates not reloaded; the old ones stay', { error: (error as Error).message });
    return false;
  }
}

function listen(server: Server, { port = 8443, host }: ServeAdmissionOptions): Promise<void> {
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
