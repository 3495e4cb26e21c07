import { inspect } from 'node:util';
import { expect, type TestAPI } from 'vitest';

/** Secrets that programs spell in different ways. A header carries the first of them only. */
export const awkwardSecrets: readonly string[] = [
  'plain-secret-1',
  'pa"ss-secret',
  'back\\slash-secret',
  'line\nbreak-secret',
  'pässwort-secret',
  "it's $(a) secret",
  'a+b/c=d&e secret',
];

/** The spellings in which an endpoint may repeat what it was given. */
export const spellings: Readonly<Record<string, (secret: string, user: string) => string>> = {
  raw: (secret) => secret,
  JSON: (secret) => JSON.stringify({ a: secret }),
  'JSON in ASCII': (secret) => inAscii(JSON.stringify(secret)),
  'JSON in ASCII, capitals': (secret) => inAscii(JSON.stringify(secret), true),
  'JSON in JSON': (secret) => JSON.stringify(JSON.stringify({ a: secret })),
  'percent-encoded': (secret) => encodeURIComponent(secret),
  'percent-encoded, small letters': (secret) => encodeURIComponent(secret).replace(/%../g, (one) => one.toLowerCase()),
  form: (secret) => new URLSearchParams({ password: secret }).toString(),
  base64: (secret) => Buffer.from(secret).toString('base64'),
  'base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'base64 with the user': (secret, user) => Buffer.from(`${user}:${secret}`).toString('base64'),
  'base64, folded': (secret, user) =>
    Buffer.from(`${user}:${secret}`)
      .toString('base64')
      .replace(/.{8}(?=.)/g, '$&\r\n'),
  'an array of bytes': (secret) => JSON.stringify({ body: Buffer.from(secret) }),
  'a Buffer, printed': (secret) => Buffer.from(secret).toString('hex').replace(/../g, '$& '),
  'UTF-16 in base64': (secret) => Buffer.from(secret, 'utf16le').toString('base64'),
  'lines folded': (secret) => secret.replace(/.{6}(?=.)/gu, '$&\n '),
  shell: (secret) => `'${secret.replaceAll("'", "'\\''")}'`,
};

function inAscii(text: string, capitals = false): string {
  return text.replace(/[^\x20-\x7e]/g, (one) => {
    const hex = one.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${capitals ? hex.toUpperCase() : hex}`;
  });
}

/** An endpoint that repeats a secret in its errors, and a call that fails there. */
export interface EchoingEndpoint {
  readonly name: string;
  /** Secrets that can be given to it at all. Default {@link awkwardSecrets}. */
  readonly secrets?: readonly string[];
  /** Gives the endpoint a secret and has it repeat that as `spell` writes it; what is logged meanwhile is given to `seen`. */
  fail(
    secret: string,
    spell: (secret: string, user: string) => string,
    seen: (logged: unknown) => void,
  ): Promise<unknown>;
}

/**
 * The contract of every endpoint that has secrets: whatever it repeats of them, in whichever spelling, is in no message, detail,
 * cause or event of ours.
 */
export function redactionContract(test: TestAPI, { name, secrets = awkwardSecrets, fail }: EchoingEndpoint): void {
  for (const [spelling, spell] of Object.entries(spellings))
    test.each(secrets)(`K6 ${name} repeats a secret, ${spelling}: %j`, async (secret) => {
      const logged: unknown[] = [];
      const error: unknown = await fail(secret, spell, (one) => logged.push(one)).then(
        () => expect.unreachable('the call did not fail'),
        (caught: unknown) => caught,
      );
      const shown = everythingOf([error, logged]);
      for (const write of Object.values(spellings)) expect(shown).not.toContain(write(secret, 'user').trim());
      // What is left of a secret when the spelling was not understood.
      expect(shown.replace(/secret(?:s|Access|_id)/g, '')).not.toMatch(/-secret|secret-1|\$\(a\)|d&e|d%26e/);
    });
}

function everythingOf(value: unknown): string {
  const texts = [
    inspect(value, { depth: 20, showHidden: true, getters: true, maxStringLength: Number.POSITIVE_INFINITY }),
  ];
  const visit = (one: unknown): void => {
    for (let error = one, depth = 0; error instanceof Error && depth < 10; error = error.cause, depth++)
      texts.push(error.message, String(error.stack), json(error), json((error as { detail?: unknown }).detail));
  };
  for (const one of value as readonly unknown[]) visit(one);
  return texts.join('\n');
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
