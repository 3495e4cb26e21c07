import {
  decodeBase64,
  decodeUtf8,
  encodeBase64,
  type Fetch,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  parseJson,
  readBytes,
  utf8,
} from '@notarykit/common';
import type { GcpKmsClient } from './client.js';
import { grpcCodeOf } from './errors.js';

/** Options of {@link gcpKmsRestClient}. */
export interface GcpKmsRestClientOptions {
  readonly fetch: Fetch;
  /** An OAuth 2 access token; asked for before each call. */
  readonly accessToken: () => Promise<string>;
  /** Default the public endpoint; a private one or an emulator is given here. */
  readonly endpoint?: string;
}

/** The three calls of Cloud KMS over REST, for those who do not want the SDK. */
export function gcpKmsRestClient(options: GcpKmsRestClientOptions): GcpKmsClient {
  const endpoint = (options.endpoint ?? 'https://cloudkms.googleapis.com').replace(/\/$/, '');
  const call = async (path: string, body?: JsonObject): Promise<JsonObject> => {
    const response = await options
      .fetch(`${endpoint}/v1/${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${await options.accessToken()}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: utf8(JSON.stringify(body)) }),
        redirect: 'manual',
      })
      .catch((cause: unknown) => {
        throw Object.assign(new Error('no answer', { cause }), { code: grpcCodeOf(503, undefined) });
      });
    const text = response.body === null ? '' : decodeUtf8(await readBytes(response.body, { limit: 1024 * 1024 }));
    const answer = parseAnswer(text);
    if (response.status === 200) return answer;
    const error = isJsonObject(answer['error']) ? answer['error'] : {};
    throw Object.assign(
      new Error(typeof error['message'] === 'string' ? error['message'] : `HTTP ${response.status}`),
      { code: grpcCodeOf(response.status, error['status']) },
    );
  };
  return {
    async getPublicKey({ name }) {
      const { pem, algorithm, name: resolved } = await call(`${name}/publicKey`);
      return [{ ...text('pem', pem), ...text('algorithm', algorithm), ...text('name', resolved) }];
    },
    async asymmetricSign({ name, digest, digestCrc32c }) {
      const encoded = Object.fromEntries(Object.entries(digest).map(([hash, value]) => [hash, encodeBase64(value)]));
      const answer = await call(`${name}:asymmetricSign`, {
        digest: encoded,
        digestCrc32c: String(digestCrc32c.value),
      });
      const { signature, verifiedDigestCrc32c, signatureCrc32c, name: resolved } = answer;
      return [
        {
          ...text('name', resolved),
          ...(typeof signature === 'string' ? { signature: decodeBase64(signature) } : {}),
          ...(typeof verifiedDigestCrc32c === 'boolean' ? { verifiedDigestCrc32c } : {}),
          ...(typeof signatureCrc32c === 'string' ? { signatureCrc32c: { value: signatureCrc32c } } : {}),
        },
      ];
    },
    async listCryptoKeyVersions({ parent, filter }) {
      const { cryptoKeyVersions } = await call(
        `${parent}/cryptoKeyVersions?pageSize=1000&filter=${encodeURIComponent(filter)}`,
      );
      const versions = isJsonArray(cryptoKeyVersions) ? cryptoKeyVersions.filter(isJsonObject) : [];
      return [versions.map((version) => text('name', version['name']))];
    },
  };
}

function parseAnswer(textOfAnswer: string): JsonObject {
  try {
    const answer = parseJson(textOfAnswer);
    return isJsonObject(answer) ? answer : {};
  } catch {
    return {};
  }
}

function text<K extends string>(key: K, value: unknown): { [P in K]?: string } {
  return (typeof value === 'string' ? { [key]: value } : {}) as { [P in K]?: string };
}
