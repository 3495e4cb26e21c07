import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import type { Logger } from '@notarykit/common';
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
  /** Takes no new connection, lets requests under way finish, then ends what is left. */
  close(): Promise<void>;
}

/**
 * Serves a handler over TLS 1.3, as the API server and Gatekeeper demand it.
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
  const context = await readContext(options.tls);
  const clients = options.tls.clientCaFile === undefined ? {} : { requestCert: true, rejectUnauthorized: true };
  const server = createServer({ ...context, ...clients, minVersion: 'TLSv1.3' }, listener(handler));
  // A slow sender must not hold a connection: headers and body have to be there in seconds.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  await listen(server, options);
  const stop = watchFiles(filesOf(options.tls), options.reloadMs ?? 10_000, () => reload(server, options));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      stop();
      await closeGracefully(server, options.graceMs ?? 10_000);
    },
  };
}

const filesOf = ({ certFile, keyFile, clientCaFile }: ServerTls): readonly string[] => [
  certFile,
  keyFile,
  ...(clientCaFile === undefined ? [] : [clientCaFile]),
];

async function readContext({ certFile, keyFile, clientCaFile }: ServerTls): Promise<SecureContextOptions> {
  const [cert, key, ca] = await Promise.all([
    readFile(certFile),
    readFile(keyFile),
    clientCaFile === undefined ? undefined : readFile(clientCaFile),
  ]);
  return { cert, key, ...(ca === undefined ? {} : { ca }) };
}

/** A key pair that is half written does not fit: the old one goes on until the next look. */
async function reload(server: Server, options: ServeAdmissionOptions): Promise<void> {
  try {
    server.setSecureContext({ ...(await readContext(options.tls)), minVersion: 'TLSv1.3' });
    options.logger?.info?.('certificates reloaded');
  } catch (error) {
    options.logger?.warn?.('certificates not reloaded; the old ones stay', { error: (error as Error).message });
  }
}

function listen(server: Server, options: ServeAdmissionOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 8443, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function closeGracefully(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
