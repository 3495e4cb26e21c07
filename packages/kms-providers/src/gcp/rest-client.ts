import {
  createRedactor,
  decodeBase64,
  defined,
  encodeBase64,
  type Fetch,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  secretsOfFetch,
  untilAborted,
} from '@notarykit/common/internal';
import { SignerError } from '@notarykit/signature-envelope/internal';
import { requireFunction } from '../remote/brought.js';
import { exchangeJson } from '../remote/json-exchange.js';
import { headerToken, serviceUrl } from '../remote/service-url.js';
import type { GcpCallOptions, GcpKmsClient } from './client.js';
import { grpcCodeOf } from './errors.js';
import { checkKeyName } from './name.js';
import { retryInfoMs } from './retry-info.js';
import { type GcpServiceAccount, serviceAccountTokens } from './service-account.js';

/** Options of {@link gcpKmsRestClient}. */
export interface GcpKmsRestClientOptions {
  readonly fetch: Fetch;
  /** An OAuth 2 access token; asked for before each call. This, or `serviceAccount`. */
  readonly accessToken?: () => Promise<string>;
  /** The key file of a service account, parsed. Its key signs for access tokens, which are kept until shortly before they expire. */
  readonly serviceAccount?: GcpServiceAccount;
  /** The clock of `serviceAccount`. Default the system's. */
  readonly now?: () => Date;
  /** Default the public endpoint; a private one or an emulator is given here. */
  readonly endpoint?: string;
  /** Lets the token travel over `http://` to another machine. Default false; this machine itself needs no word. */
  readonly plainHttp?: boolean;
}

const mostPages = 100;

/**
 * The three calls of Cloud KMS over REST, for those who do not want the SDK.
 *
 * @example
 * ```ts
 * const serviceAccount = JSON.parse(await readFile('key-file.json', 'utf8'));
 * const client = gcpKmsRestClient({ fetch, serviceAccount });
 * ```
 */
export function gcpKmsRestClient(options: GcpKmsRestClientOptions): GcpKmsClient {
  const accessToken = tokensOf(options);
  const call = (
    name: string,
    path: string,
    { signal, timeout }: GcpCallOptions,
    body?: JsonObject,
  ): Promise<JsonObject> => {
    checkKeyName(name);
    return callKms({ ...options, accessToken, timeoutMs: timeout, ...defined({ signal }) }, `${name}${path}`, body);
  };
  return {
    async getPublicKey({ name }, to = {}) {
      const { pem, algorithm, name: resolved } = await call(name, '/publicKey', to);
      return [{ ...text('pem', pem), ...text('algorithm', algorithm), ...text('name', resolved) }];
    },
    async asymmetricSign({ name, digest, digestCrc32c }, to = {}) {
      const encoded = Object.fromEntries(Object.entries(digest).map(([hash, value]) => [hash, encodeBase64(value)]));
      const body = { digest: encoded, digestCrc32c: String(digestCrc32c.value) };
      return [signatureIn(await call(name, ':asymmetricSign', to, body))];
    },
    async listCryptoKeyVersions({ parent, filter }, to = {}) {
      const versions: { readonly name?: string }[] = [];
      // A page may hold fewer than asked for, or none, and still not be the last.
      for (let page = 0, token = ''; page === 0 || token !== ''; page++) {
        if (page === mostPages) throw failure(`expected at most ${mostPages} pages of versions, found more`, 13);
        const query = new URLSearchParams({ pageSize: '1000', filter, ...(token === '' ? {} : { pageToken: token }) });
        const { cryptoKeyVersions, nextPageToken } = await call(parent, `/cryptoKeyVersions?${query.toString()}`, to);
        const listed = isJsonArray(cryptoKeyVersions) ? cryptoKeyVersions.filter(isJsonObject) : [];
        versions.push(...listed.map((version) => text('name', version['name'])));
        token = typeof nextPageToken === 'string' ? nextPageToken : '';
      }
      return [versions];
    },
  };
}

/** Where access tokens come from. */
type TokenSource = (signal?: AbortSignal) => Promise<string>;

function tokensOf(options: GcpKmsRestClientOptions): TokenSource {
  const { accessToken, serviceAccount } = options;
  if (serviceAccount === undefined) {
    return (signal) => {
      requireFunction(accessToken, 'accessToken');
      return untilAborted((accessToken as () => Promise<string>)(), signal);
    };
  }
  const tokens = serviceAccountTokens({ ...options, serviceAccount });
  return async (signal) => {
    if (accessToken !== undefined)
      throw new SignerError('expected accessToken or serviceAccount, found both', { reason: 'invalid-request' });
    return tokens(signal);
  };
}

/** One call; it fails as the SDK's do, with a gRPC number. */
async function callKms(
  options: Omit<GcpKmsRestClientOptions, 'accessToken'> & {
    readonly accessToken: TokenSource;
    readonly timeoutMs: number | undefined;
    readonly signal?: AbortSignal;
  },
  path: string,
  body: JsonObject | undefined,
): Promise<JsonObject> {
  const {
    fetch,
    endpoint: address = 'https://cloudkms.googleapis.com',
    plainHttp = false,
    signal,
    timeoutMs,
  } = options;
  requireFunction(fetch, 'fetch');
  const base = serviceUrl({ address, plainHttp }, 'gcp-kms');
  const token = headerToken(await options.accessToken(signal), 'gcp-kms');
  const redactor = createRedactor([token, ...secretsOfFetch(fetch)]);
  const exchange = exchangeJson({
    fetch,
    url: `${base}/v1/${path}`,
    headers: { authorization: `Bearer ${token}` },
    body,
    timeoutMs,
    ...defined({ signal }),
    fail: (reason, message, cause) => failure(message, reason === 'timeout' ? 4 : 14, redactor.value(cause)),
  });
  const { status, answer, isObject, retryAfterMs: inHeader } = await exchange;
  if (status === 200 && isObject) return answer;
  if (status === 200) throw failure('the answer is not a JSON object', 14);
  const error = isJsonObject(answer['error']) ? answer['error'] : {};
  const message = typeof error['message'] === 'string' ? error['message'] : `HTTP ${status}`;
  const retryAfterMs = inHeader ?? retryInfoMs(error['details']);
  const asked = defined({ retryAfterMs });
  throw Object.assign(failure(redactor.text(message), grpcCodeOf(status, error['status'])), asked);
}

function failure(message: string, code: number | undefined, cause?: unknown): Error {
  return Object.assign(new Error(message, defined({ cause })), { code });
}

/** A signature that is not in base64 is left out: its checksum would not fit either. */
function signatureIn({ signature, verifiedDigestCrc32c, signatureCrc32c, name }: JsonObject) {
  return {
    ...text('name', name),
    ...(typeof signature === 'string' ? bytesIn(signature) : {}),
    ...(typeof verifiedDigestCrc32c === 'boolean' ? { verifiedDigestCrc32c } : {}),
    ...(typeof signatureCrc32c === 'string' ? { signatureCrc32c: { value: signatureCrc32c } } : {}),
  };
}

function bytesIn(base64: string): { signature?: Uint8Array } {
  try {
    return { signature: decodeBase64(base64) };
  } catch {
    return {};
  }
}

function text<K extends string>(key: K, value: unknown): { [P in K]?: string } {
  return (typeof value === 'string' ? { [key]: value } : {}) as { [P in K]?: string };
}
