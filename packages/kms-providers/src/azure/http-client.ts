import { decodeUtf8, type Fetch } from '@notarykit/common/internal';
import { exchangeForSdk } from '../remote/sdk-exchange.js';

/** Headers as the Azure SDK has them. */
export interface AzureHttpHeaders extends Iterable<[string, string]> {
  get(name: string): string | undefined;
  has(name: string): boolean;
  set(name: string, value: string | number | boolean): void;
  delete(name: string): void;
  toJSON(options?: { preserveCase?: boolean }): Record<string, string>;
}

/** A request as the Azure SDK hands it to its `httpClient`. */
export interface AzureHttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: AzureHttpHeaders;
  readonly timeout: number;
  readonly body?: unknown;
  readonly abortSignal?: unknown;
}

/** What the Azure SDK takes as `httpClient`. */
export interface AzureHttpClient {
  sendRequest<R extends AzureHttpRequest>(
    request: R,
  ): Promise<{ request: R; status: number; headers: AzureHttpHeaders; bodyAsText: string }>;
}

const names = [
  ...['content-type', 'content-length', 'date', 'location', 'www-authenticate', 'retry-after', 'retry-after-ms'],
  ...[
    'x-ms-retry-after-ms',
    'x-ms-request-id',
    'x-ms-client-request-id',
    'x-ms-keyvault-region',
    'azure-asyncoperation',
  ],
];

/**
 * Lets a client of Azure send its requests over a `Fetch`, with the same proxy and authorities as everything else. Key Vault and its
 * credentials take it as `httpClient`. Answers have at most 1 MiB.
 *
 * @example
 * ```ts
 * const httpClient = azureHttpClient(createTransport({ proxy: 'env', ca }));
 * const credential = new ManagedIdentityCredential({ httpClient });
 * const certificates = new CertificateClient('https://wabbit.vault.azure.net', credential, { httpClient });
 * ```
 */
export function azureHttpClient(fetch: Fetch): AzureHttpClient {
  return {
    async sendRequest(request) {
      const { url, method, body, abortSignal, timeout } = request;
      const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
      const asked = { url, method, headers: request.headers.toJSON(), body, signal, timeoutMs: timeout };
      const answer = await exchangeForSdk(fetch, asked, names);
      return {
        request,
        status: answer.status,
        headers: headersOf(answer.headers),
        bodyAsText: decodeUtf8(answer.body),
      };
    },
  };
}

function headersOf(values: Readonly<Record<string, string>>): AzureHttpHeaders {
  const map = new Map(Object.entries(values));
  return {
    get: (name) => map.get(name.toLowerCase()),
    has: (name) => map.has(name.toLowerCase()),
    set: (name, value) => void map.set(name.toLowerCase(), String(value)),
    delete: (name) => void map.delete(name.toLowerCase()),
    toJSON: () => Object.fromEntries(map),
    [Symbol.iterator]: () => map.entries(),
  };
}
