import { createHash } from 'node:crypto';
import { request as send } from 'node:http';
import { expect } from 'vitest';

/** An answer as it stood on the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What is sent. */
export interface WireRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Without `Content-Length`. */
  readonly chunked?: boolean;
}

/** A client that does nothing of its own: one call, one request. */
export class WireClient {
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  call(method: string, path: string, { headers = {}, body, chunked = false }: WireRequest = {}): Promise<WireAnswer> {
    const framing = framingOf(method, body, chunked);
    return new Promise((resolve, reject) => {
      const outgoing = send(
        new URL(path, this.#origin),
        { method, headers: { ...framing, ...headers } },
        (incoming) => {
          const parts: Buffer[] = [];
          incoming.on('data', (part: Buffer) => parts.push(part));
          incoming.once('end', () => {
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(parts) });
          });
          incoming.once('error', reject);
        },
      );
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  /** One request whose answer has this status; the answer comes back. */
  async expect(status: number, method: string, path: string, options?: WireRequest): Promise<WireAnswer> {
    const answer = await this.call(method, path, options);
    expect(answer.status, `${method} ${path}: ${answer.body.toString().slice(0, 200)}`).toBe(status);
    return answer;
  }

  /** Begins an upload and gives its location. */
  async begin(repository: string): Promise<string> {
    return location(await this.expect(202, 'POST', `/v2/${repository}/blobs/uploads/`));
  }

  /** Pushes a blob by POST and PUT. */
  async push(repository: string, bytes: Uint8Array, digest = digestOf(bytes)): Promise<void> {
    const at = await this.begin(repository);
    const headers = { 'content-type': 'application/octet-stream' };
    await this.expect(201, 'PUT', withDigest(at, digest), { body: bytes, headers });
  }
}

function framingOf(method: string, body: Uint8Array | undefined, chunked: boolean): Record<string, string> {
  if (chunked) return { 'transfer-encoding': 'chunked' };
  return body === undefined && /GET|HEAD|DELETE/.test(method) ? {} : { 'content-length': String(body?.length ?? 0) };
}

/** The `Location` of an answer. */
export function location({ headers }: WireAnswer): string {
  const found = headers['location'];
  if (typeof found !== 'string') throw new Error('the answer has no Location');
  return found;
}

/** A location with the digest that ends the upload. */
export const withDigest = (at: string, digest: string): string => `${at}&digest=${encodeURIComponent(digest)}`;

/** The digest of bytes, by the platform and not by the code under test. */
export function digestOf(bytes: Uint8Array, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}
