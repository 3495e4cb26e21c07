import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../errors.js';
import { createRedactor, withoutSecrets } from './redactor.js';

const secrets = [
  'plain-secret-1',
  'pa"ss-secret',
  'back\\slash-secret',
  'back\\\\slash"secret',
  'line\nbreak-secret',
  'line\r\nbreak-secret',
  'pässwort-secret',
  "it's a secret",
  '$(secret) `x` & <y>',
  '😀secret😀',
  'tab\tand\u0001control',
  'a+b/c=d%20e',
  'trailing line break\n',
  'ends in a backslash\\',
];

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const unicode = (text: string, upper = false): string =>
  JSON.stringify(text).replace(/[^\x20-\x7e]/g, (c) => {
    const hex = c.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${upper ? hex.toUpperCase() : hex}`;
  });
const folded = (text: string): string => text.replace(/.{5}(?=.)/gu, '$&\n  ');
const bytes = (text: string, prefix: string): string =>
  [...Buffer.from(text)].map((b) => `${prefix}${b.toString(16).padStart(2, '0')}`).join('');

const spellings: Readonly<Record<string, (secret: string) => string>> = {
  raw: (secret) => secret,
  JSON: (secret) => JSON.stringify(secret),
  'JSON in JSON': (secret) => JSON.stringify(JSON.stringify({ secret })),
  'JSON in JSON in JSON': (secret) => JSON.stringify(JSON.stringify(JSON.stringify({ secret }))),
  'JSON in ASCII': (secret) => unicode(secret),
  'JSON in ASCII, capitals': (secret) => unicode(secret, true),
  'JSON, every character': (secret) =>
    secret
      .split('')
      .map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  'JSON of PHP': (secret) => unicode(secret).replaceAll('/', '\\/'),
  'percent-encoded': encodeURIComponent,
  'percent-encoded, small letters': (secret) => encodeURIComponent(secret).replace(/%../g, (one) => one.toLowerCase()),
  'percent-encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'percent-encoded three times': (secret) => encodeURIComponent(encodeURIComponent(encodeURIComponent(secret))),
  'in capitals': (secret) => secret.toUpperCase(),
  'in small letters': (secret) => secret.toLowerCase(),
  'percent-encoded, all': (secret) => bytes(secret, '%'),
  form: (secret) => new URLSearchParams({ secret }).toString(),
  base64,
  'base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'base64 of user and secret': (secret) => base64(`user:${secret}`),
  'base64 of JSON': (secret) => base64(JSON.stringify({ a: 1, secret })),
  'base64 of base64': (secret) => base64(base64(`user:${secret}`)),
  'base64, folded': (secret) => base64(`user:${secret}`).replace(/.{8}(?=.)/g, '$&\n'),
  'base64, folded, in JSON': (secret) => JSON.stringify(base64(`user:${secret}`).replace(/.{8}(?=.)/g, '$&\r\n')),
  'base64, percent-encoded': (secret) => encodeURIComponent(base64(`user:${secret}`)),
  hexadecimal: (secret) => bytes(secret, ''),
  'hexadecimal, capitals': (secret) => bytes(secret, '').toUpperCase(),
  'a Buffer, printed': (secret) => inspect({ body: Buffer.from(secret) }),
  'a Buffer in JSON': (secret) => JSON.stringify(Buffer.from(secret).toJSON().data),
  'an array of bytes, printed': (secret) => inspect(new Uint8Array(Buffer.from(secret))),
  'an array of bytes in JSON, indented, in JSON': (secret) =>
    JSON.stringify(JSON.stringify([...Buffer.from(secret)], null, 2)),
  'an array of bytes of Go': (secret) => `[${[...Buffer.from(secret)].join(' ')}]`,
  'numbers of C': (secret) => `{${bytes(secret, ', 0x').slice(2)}}`,
  'hexadecimal with colons': (secret) => bytes(secret, ':').slice(1),
  'a dump with offsets': (secret) => bytes(secret, ' ').replace(/(?:.{3}){16}/g, (line) => `${line}\n00000010: `),
  'UTF-16 in base64': (secret) => Buffer.from(secret, 'utf16le').toString('base64'),
  'UTF-16, big end first, in hexadecimal': (secret) => Buffer.from(secret, 'utf16le').swap16().toString('hex'),
  'bytes of C': (secret) => bytes(secret, '\\x'),
  'octal bytes': (secret) => [...Buffer.from(secret)].map((b) => `\\${b.toString(8).padStart(3, '0')}`).join(''),
  'octal bytes without zeros': (secret) => [...Buffer.from(secret)].map((b) => `\\${b.toString(8)}`).join(''),
  HTML: (secret) => secret.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`),
  'HTML by name': (secret) =>
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  shell: (secret) => `'${secret.replaceAll("'", "'\\''")}'`,
  'shell, other marks': (secret) => `'${secret.replaceAll("'", `'"'"'`)}'`,
  'shell, double marks': (secret) => `"${secret.replace(/["$`\\]/g, '\\$&')}"`,
  CSV: (secret) => `"${secret.replaceAll('"', '""')}"`,
  'lines folded': folded,
  'lines folded, in JSON': (secret) => JSON.stringify(folded(secret)),
  'line breaks lost': (secret) => secret.replaceAll(/\r?\n/g, ''),
  'line breaks made blanks': (secret) => secret.replaceAll(/\r?\n/g, ' '),
  'taken for Latin-1': (secret) => Buffer.from(secret).toString('latin1'),
  'characters lost': (secret) => secret.replace(/[^\x00-\x7f]/gu, '\ufffd'),
  inspect: (secret) => inspect({ secret }),
};

/** What a reader could still make of a text. */
const tellTale = (secret: string): string => (secret.includes('secret') ? 'secret' : secret.trim().slice(0, 4));

describe.each(Object.entries(spellings))('createRedactor: %s', (_, spell) => {
  it.each(secrets)('%j', (secret) => {
    const spelled = spell(secret);
    const { text } = createRedactor([secret]);
    const shown = text(`before ${spelled} after`);
    expect(shown).toMatch(/^before .*\*\*\*.* after$/s);
    const kept = shown.replace(/^before | after$/g, '').replace(/secret=|\\*"secret\\*":|secret:|"a":1,/g, '');
    expect(kept.toLowerCase()).not.toContain(tellTale(secret));
    expect(kept.length).toBeLessThan(32);
  });
});

describe('createRedactor', () => {
  it('keeps a text without secrets unchanged', () => {
    const text = 'expected https://registry.example/v2/ to answer with 200, found "401" (c2VjcmV0), \\n\\u00e4 100%';
    expect(createRedactor(['hunter2-hunter2', 'another one']).text(text)).toBe(text);
  });

  it('redacts secrets that overlap, share a prefix or are adjacent', () => {
    const { text } = createRedactor(['abcdef', 'defghi', 'abcdefgh-longer']);
    expect(text('x abcdefghi y abcdefgh-longer z abcdefabcdef')).toBe('x *** y *** z ******');
  });

  it.each<[string, string, string]>([
    ['at the end of a text', 'refused bob:hunter2-hun', 'refused bob:***'],
    ['before marks that close', 'no user ("bob:hunter2-hun").', 'no user ("bob:***").'],
    ['before dots', '"hunter2-hun..." is wrong', '"***..." is wrong'],
    ['before an ellipsis', '"hunter2-h…" is wrong', '"***…" is wrong'],
    ['in the middle of an escape', 'refused hunter2%2dhun%7', 'refused ***%7'],
    ['in base64', `Basic ${base64('bob:hunter2-hunter2').slice(0, -7)}`, 'Basic ***'],
  ])('a secret that was cut %s is one', (_, given, shown) => {
    expect(createRedactor(['hunter2-hunter2']).text(given)).toBe(shown);
  });

  it('keeps less than half of a secret, and words that share more than half of one', () => {
    const given = 'not found: hunt';
    expect(createRedactor(['hunter2-hunter2']).text(given)).toBe(given);
    expect(createRedactor(['hunter2-hunter2']).text('hunter2-hunting season')).toBe('hunter2-hunting season');
  });

  it('keeps short values and booleans', () => {
    expect(createRedactor(['abc', 'true', 'false', '', undefined]).text('abc is true or false')).toBe(
      'abc is true or false',
    );
  });

  it('each line of a key is a secret', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49\n-----END PRIVATE KEY-----\n';
    expect(createRedactor([key]).text('found "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49"')).toBe('found "***"');
  });

  it('long texts are cut, and what is shown is searched', () => {
    const { text } = createRedactor(['hunter2-hunter2']);
    const shown = text('hunter2-hunter2'.repeat(1000), 100);
    expect(shown).toHaveLength(100);
    expect(shown).not.toMatch(/hunter/);
    expect(text('x'.repeat(70_000))).toHaveLength(64 * 1024);
  });

  it('takes linear time, also for repetitive texts', () => {
    const long = `${'\\'.repeat(40)}a`.repeat(1000);
    const { text } = createRedactor([long, `${'ab'.repeat(2000)}c`, '\\'.repeat(500), ' '.repeat(100), '\n\n\n\nxxxx']);
    for (const piece of ['\\', 'ab', ' ', '\n', '\\n', '%5c', '&#92;', 'QUJB', '=\n', '+'])
      expect(text(piece.repeat(20_000)).length).toBeLessThanOrEqual(64 * 1024);
  });

  it('returns a value without secrets unchanged', () => {
    const { value } = createRedactor(['hunter2-hunter2']);
    const error = new CodedError('ERR_X', 'no', { cause: new TypeError('other'), detail: { a: [1, 'b', null] } });
    for (const clean of [error, new DOMException('x', 'AbortError'), undefined, null, 5, 'text', { a: 1 }])
      expect(value(clean)).toBe(clean);
  });

  it('an error that contains a secret becomes a redacted error of the same class and code', () => {
    const { value } = createRedactor(['hunter2-hunter2']);
    class Hidden {
      readonly #token = 'hunter2-hunter2';
      get token(): string {
        return this.#token;
      }
    }
    const places: ((secret: unknown) => Error)[] = [
      (s) => new CodedError('ERR_X', `no ${s}`),
      (s) => new CodedError('ERR_X', 'no', { detail: { a: [{ b: s }] } }),
      (s) => new CodedError('ERR_X', 'no', { cause: new TypeError('inner', { cause: new Error(`deep ${s}`) }) }),
      (s) => new CodedError('ERR_X', 'no', { cause: Object.assign(new Error('x'), { headers: { authorization: s } }) }),
      (s) => new CodedError('ERR_X', 'no', { cause: { [`key ${s}`]: 1 } }),
      (s) => new CodedError('ERR_X', 'no', { cause: Buffer.from(String(s)) }),
      (s) => new CodedError('ERR_X', 'no', { cause: new AggregateError([new Error(`one ${s}`)], 'all') }),
      () => new CodedError('ERR_X', 'no', { cause: Object.assign(new Error('x'), { request: new Hidden() }) }),
      (s) => new CodedError('ERR_X', 'no', { cause: new DOMException(`x ${s}`, 'AbortError') }),
      (s) => new CodedError('ERR_X', 'no', { cause: new Map([['a', s]]) }),
      (s) => Object.assign(new CodedError('ERR_X', 'no'), { self: s, [Symbol('hidden')]: s }),
    ];
    for (const make of places) {
      const shown = value(make('hunter2-hunter2'));
      expect(shown).toBeInstanceOf(CodedError);
      expect(shown).toMatchObject({ code: 'ERR_X', name: 'CodedError' });
      expect(inspect(shown, { depth: 20, showHidden: true, getters: true }) + String(shown.stack)).not.toContain(
        'hunter2',
      );
    }
  });

  it('handles an error that is its own cause', () => {
    const error = new Error('hunter2-hunter2');
    error.cause = error;
    const shown = createRedactor(['hunter2-hunter2']).value(error);
    expect(shown.message).toBe('***');
    expect(shown.cause).toBe(shown);
  });

  it('withoutSecrets: what a call throws', async () => {
    const secrets: string[] = [];
    const failing = withoutSecrets(
      () => secrets,
      async () => {
        secrets.push('hunter2-hunter2');
        throw new CodedError('ERR_X', 'with hunter2-hunter2');
      },
    );
    await expect(failing).rejects.toMatchObject({ code: 'ERR_X', message: 'with ***' });
    expect(
      await withoutSecrets(
        () => [],
        async () => 1,
      ),
    ).toBe(1);
  });
});
