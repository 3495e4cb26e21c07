import { readFileSync } from 'node:fs';
import { type Agent, request } from 'node:https';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { AdmissionServer } from '@notarykit/admission/node';
import { serverName } from './lab.js';

/** Whom a client trusts, and who it is. */
export type ClientTls = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'maxVersion'>;

export interface ServerAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Trusts the authority in a file. */
export const trusting = (caFile: string, more: ClientTls = {}): ClientTls => ({ ca: readFileSync(caFile), ...more });

/** A TLS connection to the server under the name that a cluster calls it by. */
export function connectTo({ port }: Pick<AdmissionServer, 'port'>, tls: ClientTls): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: serverName, ...tls });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** Posts a body whole, over a connection of its own unless there is an agent; rejects when the connection breaks before the answer's end. */
export function post(
  server: Pick<AdmissionServer, 'port'>,
  tls: ClientTls & { agent?: Agent },
  path: string,
  body: string | Uint8Array,
): Promise<ServerAnswer> {
  return send(server, tls, { method: 'POST', path, body });
}

/** What is sent. */
export interface ClientRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
}

/** {@link post} with whatever method and headers. */
export function send(
  { port }: Pick<AdmissionServer, 'port'>,
  tls: ClientTls & { agent?: Agent },
  { method, path, headers = {}, body }: ClientRequest,
): Promise<ServerAnswer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      method,
      headers,
      servername: serverName,
      agent: false as const,
      ...tls,
    };
    const sent = request(options, (answer) => {
      answer.setEncoding('utf8');
      let text = '';
      answer.on('data', (chunk: string) => (text += chunk));
      answer.once('error', reject);
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, body: text, headers: answer.headers }));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** All that a connection gives until it ends, and whether it was reset. */
export function untilClosed(socket: TLSSocket): Promise<{ readonly text: string; readonly error?: string }> {
  return new Promise((resolve) => {
    let [text, error] = ['', undefined as string | undefined];
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.once('error', (cause: NodeJS.ErrnoException) => (error = cause.code ?? cause.message));
    socket.once('close', () => resolve(error === undefined ? { text } : { text, error }));
  });
}
