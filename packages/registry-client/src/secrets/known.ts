import { createRedactor, type Redactor } from '@notarykit/common/internal';
import type { Credential } from '../credential.js';

/** The secrets of one endpoint: what it was given, and what it has learnt since. */
export interface KnownSecrets {
  /** Remembers the secrets of an account that was asked for. */
  credential(credential: Credential | undefined): void;
  /** Remembers a token. */
  token(text: string | undefined): void;
  /** Takes all of them out of what leaves. */
  redactor(): Redactor;
}

/** Tokens replace each other every few minutes: what was sent long ago is not answered now. */
const mostLearnt = 32;

/** Begins with what the caller gave, asked for each time: values of headers, the key of a client certificate, the password of a proxy. */
export function createSecrets(given: () => readonly string[]): KnownSecrets {
  const learnt = new Set<string>();
  const token = (text: string | undefined): void => {
    if (text === undefined) return;
    learnt.delete(text);
    learnt.add(text);
    for (const oldest of [...learnt].slice(0, -mostLearnt)) learnt.delete(oldest);
  };
  return {
    credential(credential) {
      for (const name of ['password', 'refreshToken', 'accessToken'] as const) token(credential?.[name]);
    },
    token,
    redactor: () => createRedactor([...given(), ...learnt]),
  };
}

// What these say is not a secret, and is in every message about content.
const harmless = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);

/** The values of headers that a caller wants to be sent; a key often stands behind the name of its scheme. */
export function secretsOfHeaders(headers: Readonly<Record<string, string>>): readonly string[] {
  const values = Object.entries(headers).flatMap(([name, value]) => (harmless.has(name.toLowerCase()) ? [] : [value]));
  return values.flatMap((value) => [value, value.replace(/^[A-Za-z-]{1,32} +/, '')]);
}
