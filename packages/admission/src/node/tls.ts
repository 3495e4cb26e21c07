import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:https';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { createLimiter, defined, type Logger } from '@notarykit/common/internal';
import { AdmissionError } from '../errors.js';

/** Files of the server's key pair, PEM; read again when they change. */
export interface ServerTls {
  readonly certFile: string;
  readonly keyFile: string;
  /**
   * Only clients with a certificate of this authority may connect. When the file changes, idle connections are closed; one with a request
   * under way stays open as long as its client keeps using it. To end those too, restart the server.
   */
  readonly clientCaFile?: string;
}

/** All files of a server's TLS. */
export const filesOf = ({ certFile, keyFile, clientCaFile }: ServerTls): readonly string[] => [
  certFile,
  keyFile,
  ...(clientCaFile === undefined ? [] : [clientCaFile]),
];

/** What the files of a server's TLS hold. */
export interface ServerContext extends SecureContextOptions {
  /** The authority of clients. */
  readonly ca?: Buffer;
}

/** What the files hold, tried out: a pair that is half written does not fit. */
export async function readContext({ certFile, keyFile, clientCaFile }: ServerTls): Promise<ServerContext> {
  const ca = clientCaFile === undefined ? undefined : await readAuthority(clientCaFile);
  try {
    const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
    const context: ServerContext = { cert, key, minVersion: 'TLSv1.3', ...defined({ ca }) };
    createSecureContext(context);
    return context;
  } catch (cause) {
    throw new AdmissionError('ERR_ADMISSION_CONFIG', `expected a key pair in ${certFile} and ${keyFile}`, { cause });
  }
}

/** A file without a certificate would be no authority, and not one whose clients are all refused. */
async function readAuthority(path: string): Promise<Buffer> {
  try {
    const ca = await readFile(path);
    void new X509Certificate(ca);
    return ca;
  } catch (cause) {
    throw new AdmissionError('ERR_ADMISSION_CONFIG', `expected CA certificates of clients in ${path}`, {
      cause,
    });
  }
}

/** What reads the files again into a server that runs; `known` is what they held before. */
export function createReload(server: Server, tls: ServerTls, known: ServerContext): () => Promise<void> {
  // One after another: what was read first must not be what counts last.
  const inTurn = createLimiter(1);
  let { ca } = known;
  const reload = async (): Promise<void> => {
    const context = await readContext(tls);
    // Some runtimes have no such method, whatever their types say.
    if (typeof (server as Partial<Server>).setSecureContext !== 'function')
      throw new AdmissionError(
        'ERR_ADMISSION_CONFIG',
        'this runtime cannot replace the certificate of a running server: expected setSecureContext of node:https; restart the server',
      );
    server.setSecureContext(context);
    // The authority is asked only when a connection begins: one that is open would stay with a client that is not let in any more.
    if (context.ca !== undefined && ca?.equals(context.ca) !== true) server.closeIdleConnections();
    ca = context.ca;
  };
  return () => inTurn(reload);
}

/** Reloads and logs the outcome: a failure is not thrown, and the result says whether it succeeded. */
export async function reloadQuietly(reload: () => Promise<void>, logger: Logger | undefined): Promise<boolean> {
  try {
    await reload();
    logger?.info?.('certificates reloaded');
    return true;
  } catch (error) {
    logger?.warn?.('certificates not reloaded; the old ones stay', { error: (error as Error).message });
    return false;
  }
}
