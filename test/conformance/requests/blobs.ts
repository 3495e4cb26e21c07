import { expect } from 'vitest';
import { digestOf, location, type WireClient, withDigest } from './client.ts';

const octets = { 'content-type': 'application/octet-stream' };
const chunk = (start: number, end: number) => ({ ...octets, 'content-range': `${start}-${end - 1}` });

/** Everything that the suites do with blobs, for one digest algorithm. */
export async function blobRequests(client: WireClient, one: string, two: string, algorithm: string): Promise<void> {
  const bytes = new Uint8Array(2048).map((_, i) => (i * 7 + algorithm.length) & 255);
  const digest = digestOf(bytes, algorithm);
  const blob = `/v2/${one}/blobs/${digest}`;
  const gone = async (): Promise<void> => {
    await client.expect(202, 'DELETE', blob);
    await client.expect(404, 'GET', blob);
    await client.expect(404, 'HEAD', blob);
  };
  await client.expect(404, 'GET', blob);
  await client.expect(404, 'DELETE', blob);
  await postOnly(client, one, bytes, digest);
  await gone();
  await wholeAndStreamed(client, one, bytes, digest);
  await gone();
  await chunks(client, one, bytes, digest);
  await ranges(client, blob, bytes);
  await outOfOrder(client, one, bytes, digest);
  await badDigests(client, one, bytes, digest);
  await mounts(client, [one, two], bytes, digest);
  for (const small of [new Uint8Array(), new TextEncoder().encode('{}')]) {
    await client.push(one, small, digestOf(small, algorithm));
    const read = await client.expect(200, 'GET', `/v2/${one}/blobs/${digestOf(small, algorithm)}`);
    expect(read.body.length).toBe(small.length);
  }
}

async function postOnly(client: WireClient, one: string, body: Uint8Array, digest: string): Promise<void> {
  const path = `/v2/${one}/blobs/uploads/?digest=${encodeURIComponent(digest)}`;
  const pushed = await client.expect(201, 'POST', path, { body, headers: octets });
  const read = await client.expect(200, 'GET', location(pushed));
  expect(read.headers['docker-content-digest']).toBe(digest);
  expect(new Uint8Array(read.body)).toEqual(body);
  const head = await client.expect(200, 'HEAD', `/v2/${one}/blobs/${digest}`);
  expect(head.headers).toMatchObject({ 'docker-content-digest': digest, 'content-length': String(body.length) });
}

async function wholeAndStreamed(client: WireClient, one: string, body: Uint8Array, digest: string): Promise<void> {
  await client.push(one, body, digest);
  await client.expect(201, 'PUT', withDigest(await client.begin(one), digest), {
    body,
    headers: octets,
    chunked: true,
  });
  const at = await client.begin(one);
  const streamed = await client.expect(202, 'PATCH', at, { body, headers: octets, chunked: true });
  expect(streamed.headers['range']).toBe(`0-${body.length - 1}`);
  const known = await client.expect(204, 'GET', location(streamed));
  expect(known.headers['range']).toBe(`0-${body.length - 1}`);
  await client.expect(201, 'PUT', withDigest(location(streamed), digest), { headers: octets });
  const plain = await client.expect(202, 'PATCH', await client.begin(one), { body, headers: octets });
  await client.expect(204, 'DELETE', location(plain));
  await client.expect(404, 'PATCH', location(plain), { body, headers: octets });
}

async function chunks(client: WireClient, one: string, body: Uint8Array, digest: string): Promise<void> {
  for (const lastInPut of [false, true]) {
    let at = await client.begin(one);
    const ends = lastInPut ? [1024] : [1024, 2048];
    for (const end of ends) {
      const start = end - 1024;
      const stored = await client.expect(202, 'PATCH', at, {
        body: body.subarray(start, end),
        headers: chunk(start, end),
      });
      expect(stored.headers['range']).toBe(`0-${end - 1}`);
      at = location(stored);
    }
    const rest = lastInPut ? { body: body.subarray(1024), headers: chunk(1024, 2048) } : { headers: octets };
    await client.expect(201, 'PUT', withDigest(at, digest), rest);
  }
}

async function ranges(client: WireClient, blob: string, bytes: Uint8Array): Promise<void> {
  const parts: readonly [string, number, number][] = [
    ['500-1499', 500, 1500],
    ['500-', 500, 2048],
    ['-500', 1548, 2048],
    ['2000-5000', 2000, 2048],
  ];
  for (const [text, start, end] of parts) {
    const read = await client.expect(206, 'GET', blob, { headers: { range: `bytes=${text}` } });
    expect(read.headers['content-range']).toBe(`bytes ${start}-${end - 1}/2048`);
    expect(new Uint8Array(read.body)).toEqual(bytes.subarray(start, end));
  }
  for (const text of ['500-0', '5000-10000']) {
    await client.expect(416, 'GET', blob, { headers: { range: `bytes=${text}` } });
  }
}

async function outOfOrder(client: WireClient, one: string, body: Uint8Array, digest: string): Promise<void> {
  const first = await client.begin(one);
  const second = { body: body.subarray(1024), headers: chunk(1024, 2048) };
  await client.expect(416, 'PATCH', first, second);
  await client.expect(204, 'GET', first);
  const stored = await client.expect(202, 'PATCH', first, { body: body.subarray(0, 1024), headers: chunk(0, 1024) });
  // The same chunk on the location of before, and a last chunk that leaves a hole.
  await client.expect(416, 'PATCH', first, { body: body.subarray(0, 1024), headers: chunk(0, 1024) });
  const hole = { body: body.subarray(1536), headers: chunk(1536, 2048) };
  await client.expect(416, 'PUT', withDigest(location(stored), digest), hole);
  const known = await client.expect(204, 'GET', withDigest(first, digest));
  expect(known.headers['range']).toBe('0-1023');
  await client.expect(201, 'PUT', withDigest(location(known), digest), second);
}

async function badDigests(client: WireClient, one: string, body: Uint8Array, digest: string): Promise<void> {
  const wrong = digestOf(new TextEncoder().encode(`not ${digest}`), digest.split(':')[0]);
  const path = `/v2/${one}/blobs/uploads/?digest=${encodeURIComponent(wrong)}`;
  await client.expect(400, 'POST', path, { body, headers: octets });
  await client.expect(400, 'PUT', withDigest(await client.begin(one), wrong), { body, headers: octets });
  const streamed = await client.expect(202, 'PATCH', await client.begin(one), { body, headers: chunk(0, 2048) });
  await client.expect(400, 'PUT', withDigest(location(streamed), wrong), { headers: octets });
  await client.expect(404, 'HEAD', `/v2/${one}/blobs/${wrong}`);
}

async function mounts(
  client: WireClient,
  [one, two]: readonly [string, string],
  bytes: Uint8Array,
  digest: string,
): Promise<void> {
  const mount = (query: Record<string, string>) => `/v2/${two}/blobs/uploads/?${new URLSearchParams(query)}`;
  await client.expect(404, 'HEAD', `/v2/${two}/blobs/${digest}`);
  const mounted = await client.expect(201, 'POST', mount({ mount: digest, from: one }));
  expect(location(mounted)).toBe(`/v2/${two}/blobs/${digest}`);
  // What was mounted does not hang on its source.
  await client.expect(202, 'DELETE', `/v2/${one}/blobs/${digest}`);
  const read = await client.expect(200, 'GET', `/v2/${two}/blobs/${digest}`);
  expect(new Uint8Array(read.body)).toEqual(bytes);
  const unknown = digestOf(new TextEncoder().encode(`unknown ${digest}`));
  for (const query of [{ mount: unknown, from: one }, { mount: unknown }]) {
    const opened = await client.expect(202, 'POST', mount(query as Record<string, string>));
    expect(location(opened)).toContain('/blobs/uploads/');
  }
  await client.expect(202, 'DELETE', `/v2/${two}/blobs/${digest}`);
}
