import type { CallOptions, FetchResponse } from '@notarykit/common/internal';
import { createTransport } from '@notarykit/transport/internal';
import type { Network } from './network.js';
import { maxPluginBytes, PluginSourceError } from './plugin-files.js';

const maxRedirects = 10;
const timeoutMs = 10 * 60_000;

/** Downloads a file over https only, redirects included. @throws {PluginSourceError} */
export async function download(url: string, network: Network, call: CallOptions = {}): Promise<Uint8Array> {
  const fetch = createTransport(network);
  const ends = AbortSignal.timeout(timeoutMs);
  const signal = call.signal === undefined ? ends : AbortSignal.any([ends, call.signal]);
  let place = checkUrl(url);
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await fetch(place.href, { redirect: 'manual', signal });
    const location = response.headers.get('location');
    if (response.status === 200) return await readBody(response, place);
    await response.body?.cancel();
    if (response.status < 300 || response.status > 399 || location === null)
      throw new PluginSourceError(`${nameOf(place)} answers with status ${response.status}`);
    place = checkUrl(location, place);
  }
  throw new PluginSourceError(`${nameOf(place)}: expected at most ${maxRedirects} redirects`);
}

function checkUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  if (url?.protocol === 'https:' && url.username === '' && url.password === '') return url;
  throw new PluginSourceError(
    `expected an https URL without an account, found ${url === undefined ? 'none' : nameOf(url)}`,
  );
}

/** Without what may be secret: signed links carry their right to read in the query. */
const nameOf = ({ protocol, host, pathname }: URL): string => `${protocol}//${host}${pathname}`;

async function readBody(response: FetchResponse, place: URL): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxPluginBytes)
      throw new PluginSourceError(`${nameOf(place)}: expected at most ${maxPluginBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
