import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:https';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Logger } from '@notarykit/common';
import { AdmissionError } from '../errors.js';

/** Files of the server's key pair, PEM; read again when they change. */
export interface ServerTls {
  readonly certFile: string;
  readonly keyFile: string;
  /** Only clients with a certificate of this authority may connect. */
  readonly clientCaFile?: string;
}

/** All files of a server's TLS. */
export const filesOf = ({ certFile, keyFile, clientCaFile }: ServerTls): readonly string[] => [
  certFile,
  keyFile,
  ...(clientCaFile === undefined ? [] : [clientCaFile]),
];

/** What the files hold, tried out: a pair that is half written does not fit. */
export async function readContext({ certFile, keyFile, clientCaFile }: ServerTls): Promise<SecureContextOptions> {
  const ca = clientCaFile === undefined ? undefined : await readAuthority(clientCaFile);
  try {
    const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
    const context: SecureContextOptions = { cert, key, minVersion: 'TLSv1.3', ...(ca === undefined ? {} : { ca }) };
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
    throw new AdmissionError('ERR_ADMISSION_CONFIG', `expected certificates of clients' authorities in ${path}`, {
      cause,
    });
  }
}

/** Reads the files into a server that runs. */
export async function reload(server: Server, tls: ServerTls): Promise<void> {
  const context = await readContext(tls);
  // Some runtimes have no such method, whatever their types say.
  if (typeof (server as Partial<Server>).setSecureContext !== 'function')
    throw new AdmissionError(
      'ERR_ADMISSION_CONFIG',
      'this runtime cannot change the certificate of a server that runs: expected setSecureContext of node:https; start the server anew',
    );
  server.setSecureContext(context);
}

/** The same for whoever can do without: it says so, and whether it went well. */
export async function reloadQuietly(server: Server, tls: ServerTls, logger: Logger | undefined): Promise<boolean> {
  try {
    await reload(server, tls);
    logger?.info?.('certificates reloaded');
    return true;
  } catch (error) {
    logger?.warn?.('certificates not reloaded; the old ones stay', { error: (error as Error).message });
    return false;
  }
}
