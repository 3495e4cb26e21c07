import { AdmissionError } from '../errors.js';
import { createVerificationHandler, type VerificationHandlerOptions } from '../service/handler.js';
import { type AdmissionServer, type ListenOptions, serveAdmission, serveInPlainHttp } from './server.js';
import type { ServerTls } from './tls.js';
import { openTokenFile } from './tokens.js';

/** Who may ask, and over what. Where both a token and a client certificate are asked for, a caller needs both. */
export interface ServeVerificationOptions extends ListenOptions, Omit<VerificationHandlerOptions, 'authorize'> {
  /** Key pair; with `clientCaFile` only clients with a certificate of that authority can connect, health included. */
  readonly tls?: ServerTls;
  /** Says that there is no TLS: a proxy of its own ends it before this process. Default: refused without `tls`. */
  readonly plainHttp?: boolean;
  /** File with a bearer token on each line; read again when it changes. */
  readonly tokenFile?: string;
  /** Allows every client that can connect. Default: refused without `tokenFile` and `tls.clientCaFile`. */
  readonly anonymous?: boolean;
}

/**
 * Serves verdicts over TLS 1.3 to callers with a token, a client certificate, or both. The server is that of `serveAdmission`.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_CONFIG` where callers are not authenticated or there is no TLS, and no option allows that; for what is
 *   said twice; for files that cannot be read, and for an address that is taken
 *
 * @example
 * ```ts
 * const routes = createVerificationRoutes({ policy: { trust }, open });
 * const server = await serveVerification({ routes, tls: { certFile, keyFile }, tokenFile: '/etc/notarykit/tokens' });
 * process.once('SIGTERM', () => void server.close());
 * ```
 */
export async function serveVerification(options: ServeVerificationOptions): Promise<AdmissionServer> {
  const { tls, tokenFile } = options;
  checkSaid(options);
  const tokens = tokenFile === undefined ? undefined : await openTokenFile(tokenFile, options);
  try {
    const handler = createVerificationHandler({ ...options, authorize: tokens?.authorize ?? 'everyone' });
    const server = await (tls === undefined
      ? serveInPlainHttp(handler, options)
      : serveAdmission(handler, { ...options, tls }));
    return {
      port: server.port,
      reload: async () => {
        await Promise.all([server.reload(), tokens?.reload()]);
      },
      close: async () => {
        await server.close();
        tokens?.stop();
      },
    };
  } catch (error) {
    tokens?.stop();
    throw error;
  }
}

/** Both are on by default; each is switched off by its own option. */
function checkSaid({ tls, tokenFile, ...said }: ServeVerificationOptions): void {
  // Only true says so: a setting that was read as text may be "false".
  const [anonymous, plainHttp] = [said.anonymous === true, said.plainHttp === true];
  const asks = tokenFile !== undefined || tls?.clientCaFile !== undefined;
  if (asks === anonymous)
    throw config(
      asks
        ? 'anonymous: cannot be combined with a token file or a client CA'
        : 'expected a token file or a client CA; set "anonymous" to accept callers without authentication',
    );
  if ((tls !== undefined) === plainHttp)
    throw config(
      tls === undefined
        ? 'expected a TLS key pair; set "plainHttp" to serve without TLS'
        : 'plainHttp: cannot be combined with a TLS key pair',
    );
}

const config = (message: string): AdmissionError => new AdmissionError('ERR_ADMISSION_CONFIG', message);
