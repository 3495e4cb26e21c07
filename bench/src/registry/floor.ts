import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { Content } from './content.js';

/** What `node:http` and SHA-256 alone need: no client can be faster in this process. */
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

/** Downloads a blob and hashes it. */
export async function floorDownload(host: string, repository: string, digest: string): Promise<void> {
  const response = await get(`http://${host}/v2/${repository}/blobs/${digest}`, {});
  const hash = createHash('sha256');
  response.on('data', (chunk: Buffer) => hash.update(chunk));
  await once(response, 'end');
  if (`sha256:${hash.digest('hex')}` !== digest) throw new Error('the floor read something else');
}

/** Uploads a blob in one PUT and hashes it on the way. */
export async function floorUpload(host: string, repository: string, { descriptor, pieces }: Content): Promise<void> {
  const started = await send('POST', `http://${host}/v2/${repository}/blobs/uploads/`, { 'content-length': '0' });
  const location = new URL(started.headers.location ?? '', `http://${host}`).href;
  const url = `${location}${location.includes('?') ? '&' : '?'}digest=${descriptor.digest}`;
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(descriptor.size) };
  const answer = await send('PUT', url, headers, pieces());
  if (answer.statusCode !== 201) throw new Error(`the floor's upload ended with ${answer.statusCode}`);
}

async function send(
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: Generator<Uint8Array, void, void>,
): Promise<http.IncomingMessage> {
  const request = http.request(url, { method, headers, agent });
  const answered = once(request, 'response') as Promise<[http.IncomingMessage]>;
  const hash = createHash('sha256');
  for (const bytes of body ?? []) {
    hash.update(bytes);
    if (!request.write(bytes)) await once(request, 'drain');
  }
  request.end();
  hash.digest();
  const [response] = await answered;
  response.resume();
  await once(response, 'end');
  return response;
}

/** Reads a manifest as bytes. */
export async function floorManifest(host: string, repository: string, digest: string, accept: string): Promise<void> {
  const response = await get(`http://${host}/v2/${repository}/manifests/${digest}`, { accept });
  const parts: Buffer[] = [];
  response.on('data', (chunk: Buffer) => parts.push(chunk));
  await once(response, 'end');
  Buffer.concat(parts);
}

function get(url: string, headers: Record<string, string>): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http.get(url, { agent, headers }, resolve).on('error', reject);
  });
}
