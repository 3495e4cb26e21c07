import { mediaTypes } from '@notarykit/oci';

/** One answer as bytes on a socket. */
export interface RawAnswer {
  readonly name: string;
  /** One character for each byte. */
  readonly text: string;
  /** How often the text is sent. Default once. */
  readonly times?: number;
  /** The first bytes at once, the others one by one. */
  readonly drip?: { readonly after: number; readonly everyMs: number };
  /** What becomes of the connection. */
  readonly ending: 'keep' | 'end' | 'reset';
}

const endings = ['keep', 'end', 'reset'] as const;

const head = (status: string, headers: readonly string[] = []): string =>
  `HTTP/1.1 ${status}\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`;
const index = JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] });
const length = (text: string): string => `Content-Length: ${text.length}`;
const indexAnswer = head('200 OK', [`Content-Type: ${mediaTypes.imageIndex}`, length(index)]) + index;
const large = 9 * 1024 * 1024;

/** Every status, with a body and without. */
export function statuses(): readonly RawAnswer[] {
  return Array.from({ length: 500 }, (_, i) => i + 100).flatMap((status) => [
    { name: `status ${status}`, text: head(`${status} X`, ['Content-Length: 0']), ending: 'keep' as const },
    {
      name: `status ${status} with a body`,
      text: head(`${status} X`, [length(index)]) + index,
      ending: 'end' as const,
    },
  ]);
}

/** A short answer that breaks off after each of its bytes, in each way. */
export function cutAnswers(): readonly RawAnswer[] {
  const text = indexAnswer;
  return Array.from({ length: text.length }, (_, i) => i).flatMap((bytes) =>
    endings.map((ending) => ({ name: `${ending} after ${bytes} bytes`, text: text.slice(0, bytes), ending })),
  );
}

const upgrade = ['Upgrade: x', 'Connection: Upgrade'];
const chunked = 'Transfer-Encoding: chunked';

/** What is wrong in some way of its own. */
const oddities: Readonly<Record<string, string>> = {
  '101 with an upgrade': head('101 Switching Protocols', upgrade),
  '101 with bytes after it': `${head('101 Switching Protocols', upgrade)}hello`,
  '101 without an upgrade': head('101 Switching Protocols'),
  '200 with an upgrade': head('200 OK', [...upgrade, length(index)]) + index,
  '426 with an upgrade': head('426 Upgrade Required', [...upgrade, 'Content-Length: 0']),
  '100, then nothing': head('100 Continue'),
  '103, then an index': head('103 Early Hints', ['Link: </x>; rel=preload']) + indexAnswer,
  '102, then 101': head('102 Processing') + head('101 Switching Protocols', upgrade),
  'status 000': head('000 X', ['Content-Length: 0']),
  'status 999': head('999 X', ['Content-Length: 0']),
  'no status': 'HTTP/1.1\r\n\r\n',
  'another version': `HTTP/9.9 200 OK\r\n\r\n`,
  'HTTP/1.0': `HTTP/1.0 200 OK\r\n\r\n${index}`,
  'no HTTP': 'SSH-2.0-OpenSSH_9\r\n\r\n',
  'bytes of TLS': '\x15\x03\x01\x00\x02\x02\x46',
  zeros: '\0'.repeat(4096),
  'a line without an end': 'x'.repeat(100_000),
  'line feeds alone': head('200 OK', [length(index)]).replaceAll('\r\n', '\n') + index,
  'a folded header': `HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\n${length(index)}\r\n\r\n${index}`,
  'a header without a name': head('200 OK', [': x', 'Content-Length: 0']),
  'a header with a zero byte': head('200 OK', ['X-A: \0', 'Content-Length: 0']),
  'two lengths': `${head('200 OK', ['Content-Length: 2', 'Content-Length: 3'])}{}x`,
  'length and chunks': `${head('200 OK', ['Content-Length: 2', chunked])}0\r\n\r\n`,
  'a length below zero': head('200 OK', ['Content-Length: -5']),
  'a length that is not a number': head('200 OK', ['Content-Length: many']),
  'a length beyond numbers': `${head('200 OK', ['Content-Length: 99999999999999999999'])}${'x'.repeat(1000)}`,
  'a length that is too long': head('200 OK', ['Content-Length: 1000']) + index,
  'a length that is too short': head('200 OK', ['Content-Length: 5']) + index,
  'a large body that is cut': head('200 OK', [`Content-Length: ${large}`]) + 'x'.repeat(70_000),
  'a large body that is longer': head('200 OK', [`Content-Length: ${large}`]) + 'x'.repeat(large + 5000),
  'no length': head('200 OK', [`Content-Type: ${mediaTypes.imageIndex}`]) + index,
  'a chunk that is none': `${head('200 OK', [chunked])}zz\r\nxx\r\n`,
  'a chunk that is cut': `${head('200 OK', [chunked])}ff\r\nxx`,
  'a chunk beyond numbers': `${head('200 OK', [chunked])}fffffffffffffffff\r\nxx`,
  'chunks without an end': `${head('200 OK', [chunked])}2\r\n{}\r\n`,
  trailers: `${head('200 OK', [chunked, 'Trailer: x'])}2\r\n{}\r\n0\r\nx: y\r\n\r\n`,
  'an unknown coding': head('200 OK', ['Transfer-Encoding: gzip']),
  'a body that is compressed': `${head('200 OK', ['Content-Encoding: gzip', 'Content-Length: 3'])}abc`,
  'two answers': indexAnswer + indexAnswer,
  'an answer and garbage': `${indexAnswer}garbage`,
  'a redirect to itself': head('307 X', ['Location: ', 'Content-Length: 0']),
  'a redirect without a place': head('302 X', ['Content-Length: 0']),
  'a redirect to no URL': head('307 X', ['Location: http://[::bad', 'Content-Length: 0']),
  'a redirect to a file': head('307 X', ['Location: file:///etc/passwd', 'Content-Length: 0']),
  'a redirect with an account': head('307 X', ['Location: http://a:b@127.0.0.1:9/', 'Content-Length: 0']),
  '401 without a challenge': head('401 X', ['Content-Length: 0']),
  '401 with a broken challenge': head('401 X', ['WWW-Authenticate: Bearer realm="\\"\\\\,,,=,', 'Content-Length: 0']),
  '401 with a long challenge': head('401 X', [
    `WWW-Authenticate: ${'Bearer realm="x",'.repeat(700)}`,
    'Content-Length: 0',
  ]),
  '401 with a realm here': head('401 X', ['WWW-Authenticate: Bearer realm="/token"', 'Content-Length: 0']),
  '401 for ever': head('401 X', ['WWW-Authenticate: Basic realm="x"', 'Content-Length: 0']),
  '429 with a wait that is none': head('429 X', ['Retry-After: 99999999999999999999', 'Content-Length: 0']),
  '429 with a date that is none': head('429 X', ['Retry-After: Mon, 99 Abc 9999 99:99:99 GMT', 'Content-Length: 0']),
  '202 with odd headers': head('202 X', [
    'Location: /v2/x?\x7f',
    'Range: 0-99999999999999999',
    'OCI-Chunk-Min-Length: 99999999999999',
    'Content-Length: 0',
  ]),
  '202 to another place': head('202 X', ['Location: http://169.254.169.254/x', 'Content-Length: 0']),
  '206 with another range': `${head('206 X', ['Content-Range: bytes 5-2/1', 'Content-Length: 2'])}xx`,
  '204 with a body': `${head('204 X', ['Content-Length: 2'])}xx`,
  '304 with a body': `${head('304 X', ['Content-Length: 2'])}xx`,
  'a digest that lies': indexAnswer.replace('\r\n', `\r\nDocker-Content-Digest: sha256:${'0'.repeat(64)}\r\n`),
  'an ETag that is none': indexAnswer.replace('\r\n', '\r\nETag: \x80\xff"\r\n'),
  'a Link that is none': indexAnswer.replace('\r\n', '\r\nLink: next\r\n'),
  'a type that is none': head('200 OK', ['Content-Type: \x80/;;', length(index)]) + index,
  '16,000 headers': head(
    '200 OK',
    Array.from({ length: 16_000 }, () => 'a: b'),
  ),
  'a header of 200 kB': head('200 OK', [`X-A: ${'b'.repeat(200_000)}`, 'Content-Length: 0']),
};

/** Answers that never end by themselves. */
function endless(fast: number): readonly RawAnswer[] {
  const answer = indexAnswer;
  const body = answer.indexOf('\r\n\r\n') + 4;
  const long = head('200 OK', [`Content-Type: ${mediaTypes.imageIndex}`, `Content-Length: 1000`]) + ' '.repeat(1000);
  return [
    { name: '100 again and again', text: head('100 Continue'), times: 1_000_000, ending: 'keep' },
    { name: 'headers again and again', text: 'HTTP/1.1 200 OK\r\nX: y\r\n', times: 1_000_000, ending: 'keep' },
    {
      name: 'chunks again and again',
      text: `${head('200 OK', [chunked])}1\r\nx\r\n`,
      times: 1_000_000,
      ending: 'keep',
    },
    { name: 'answers again and again', text: answer, times: 100_000, ending: 'keep' },
    { name: 'a body without an end', text: `${head('200 OK')}${'x'.repeat(60_000)}`, times: 10_000, ending: 'keep' },
    { name: 'a head that drips', text: answer, drip: { after: 0, everyMs: fast }, ending: 'keep' },
    { name: 'a body that drips', text: long, drip: { after: body, everyMs: fast }, ending: 'keep' },
    {
      name: 'chunks that drip',
      text: head('200 OK', [chunked]) + '1\r\nx\r\n'.repeat(500),
      drip: { after: 47, everyMs: fast },
      ending: 'keep',
    },
    { name: 'silence', text: '', ending: 'keep' },
  ];
}

/** Oddities in each way to end, and what never ends: dripped a byte in so many milliseconds. */
export function oddAnswers(fast: number, ways: readonly RawAnswer['ending'][] = endings): readonly RawAnswer[] {
  const odd = Object.entries(oddities).flatMap(([name, text]) =>
    ways.map((ending) => ({ name: `${name}, ${ending}`, text, ending })),
  );
  return [...odd, ...endless(fast)];
}
