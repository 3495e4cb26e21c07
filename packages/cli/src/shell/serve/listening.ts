import type { ServeVerificationOptions } from '@notarykit/admission/node';
import { defined } from '@notarykit/common/internal';
import { type Arguments, UsageError } from '../command.js';
import { readDuration } from '../duration.js';
import type { OptionSpec } from '../option-spec.js';

/** Options that say where a server listens, and who may ask. */
export const servingOptions: Readonly<Record<string, OptionSpec>> = {
  host: {
    type: 'string',
    value: 'address',
    help: 'address to listen on; default 127.0.0.1, only this machine',
  },
  port: { type: 'string', value: 'number', help: 'port to listen on, 0 for any; default 8443' },
  'tls-cert-file': {
    type: 'string',
    value: 'path',
    help: 'certificate chain of the server, PEM; read again when it changes',
  },
  'tls-key-file': { type: 'string', value: 'path', help: 'its private key, PEM' },
  'client-ca-file': {
    type: 'string',
    value: 'path',
    help: 'only clients with a certificate of this authority connect, PEM',
  },
  'token-file': {
    type: 'string',
    value: 'path',
    help: 'only callers with a token of this file are answered, one on each line',
  },
  'without-authentication': { type: 'boolean', help: 'answer every caller, without a token or certificate' },
  'without-tls': { type: 'boolean', help: 'plain http, for a server behind a proxy that terminates TLS' },
  timeout: {
    type: 'string',
    value: 'duration',
    help: 'how long an answer may take; default 9.5 seconds, less than Kubernetes waits',
  },
  drain: { type: 'string', value: 'duration', help: 'how long requests are still taken after SIGTERM; default 5s' },
};

/** What {@link servingOptions} say. */
export interface Listening
  extends Pick<ServeVerificationOptions, 'port' | 'tls' | 'plainHttp' | 'tokenFile' | 'anonymous' | 'timeoutMs'> {
  readonly host: string;
  readonly drainMs: number;
}

/** @throws {UsageError} for no authentication or no TLS, unless an option asks for that */
export function readListening(args: Arguments): Listening {
  const [tls, tokenFile, timeout] = [readTls(args), args.text('token-file'), args.text('timeout')];
  checkSaid(args, tls !== undefined, tokenFile !== undefined || tls?.clientCaFile !== undefined);
  return {
    host: args.text('host') ?? '127.0.0.1',
    port: readPort(args),
    drainMs: readDuration(args.text('drain') ?? '5s', 'drain'),
    ...(timeout === undefined ? {} : { timeoutMs: readTimeout(timeout) }),
    ...(tls === undefined ? { plainHttp: true } : { tls }),
    ...defined({ tokenFile }),
    ...(args.flag('without-authentication') ? { anonymous: true } : {}),
  };
}

/** Both are on unless an option turns them off, and such an option beside their own options contradicts them. */
function checkSaid(args: Arguments, tls: boolean, asks: boolean): void {
  if (args.flag('without-authentication') === asks)
    throw new UsageError(
      asks
        ? '--without-authentication has no effect beside --token-file and --client-ca-file'
        : 'who may ask? name the callers with --token-file or --client-ca-file, or answer all of them with --without-authentication',
    );
  if (args.flag('without-tls') === tls)
    throw new UsageError(
      tls
        ? '--without-tls has no effect beside --tls-cert-file'
        : '--tls-cert-file and --tls-key-file are needed, or --without-tls for plain http',
    );
}

function readTls(args: Arguments): ServeVerificationOptions['tls'] {
  const [certFile, keyFile, clientCaFile] = ['tls-cert-file', 'tls-key-file', 'client-ca-file'].map(args.text);
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new UsageError('--tls-cert-file and --tls-key-file go together');
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile, ...defined({ clientCaFile }) };
  if (clientCaFile !== undefined) throw new UsageError('--client-ca-file has no effect without --tls-cert-file');
  return undefined;
}

function readTimeout(text: string): number {
  const timeoutMs = readDuration(text, 'timeout');
  if (timeoutMs === 0) throw new UsageError('--timeout: expected more than nothing, found 0');
  return timeoutMs;
}

function readPort(args: Arguments): number {
  const text = args.text('port') ?? '8443';
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new UsageError(`--port: expected a number from 0 to 65535, found "${text}"`);
  return Number(text);
}
