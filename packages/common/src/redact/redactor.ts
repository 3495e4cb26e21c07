import { copyWithout } from './copy.js';
import { encodedRuns } from './encoded.js';
import { beginnings, type Effort, spellingAt } from './spelling.js';

/** Takes the secrets of one endpoint out of whatever leaves it. */
export interface Redactor {
  /** A text without them, cut to so many characters (default 64 Ki). */
  text(text: string, most?: number): string;
  /**
   * A value as it may be shown: itself when no secret is in it, else a copy. Errors keep their class, code and cause;
   * instances of other classes, which cannot be inspected, are left out of a copy.
   */
  value<T>(value: T): T;
}

interface Secret {
  readonly text: string;
  readonly beginnings: ReadonlySet<number>;
}

const mark = '***';
const mostCharacters = 64 * 1024;
/** Steps of all searches in one text: some milliseconds. A text that would take more is made to take more, and not shown. */
const mostEffort = 300_000;
/** A stretch that is an encoding of an encoding is looked into as deep as this. */
const deepest = 2;

/**
 * Knows the secrets of an endpoint (passwords, tokens, PINs, what a program is configured with) and takes them out of messages,
 * details, causes and events, in every spelling that programs give them: as they are, escaped, percent-encoded, in base64 alone or
 * inside something else, in hexadecimal, quoted for a shell, with lines folded.
 *
 * Secrets of fewer than four characters, `true` and `false` stay: taking them out would only garble every text. Of a secret with
 * several lines, such as a key, each line of 16 characters is one too.
 *
 * @example
 * ```ts
 * const redactor = createRedactor([password]);
 * throw redactor.value(error);
 * ```
 */
export function createRedactor(secrets: Iterable<string | undefined>): Redactor {
  const known = prepare(secrets);
  const text = (given: string, most = mostCharacters): string =>
    known.length === 0 ? cut(given, most) : redact(given, known, most);
  return { text, value: (value) => (known.length === 0 ? value : copyWithout(value, text)) };
}

/**
 * The result of work at an endpoint; what it throws leaves without the endpoint's secrets.
 *
 * @param secrets is asked when the work fails: a token may be known by then only
 */
export async function withoutSecrets<T>(
  secrets: () => Iterable<string | undefined>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw createRedactor(secrets()).value(error);
  }
}

function prepare(secrets: Iterable<string | undefined>): readonly Secret[] {
  const texts = new Set<string>();
  for (const secret of secrets) {
    if (typeof secret !== 'string') continue;
    const lines = secret.split(/\r?\n/).filter((line) => line.trim().length >= 16);
    for (const one of [secret.trim(), ...lines.map((line) => line.trim())])
      for (const form of [one, one.normalize('NFC'), one.normalize('NFD')]) texts.add(form);
  }
  return [...texts]
    .filter((one) => one.length > 3 && one !== 'true' && one !== 'false')
    .map((one) => ({ text: one, beginnings: beginnings(one) }));
}

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** The whole of a text is searched as far as it is shown: a truncated secret would not be found. */
function redact(text: string, secrets: readonly Secret[], most: number): string {
  const search = { secrets, effort: { left: mostEffort } };
  const hidden = hiddenRuns(text, search, most, 0);
  let shown = '';
  let covered = 0;
  for (let at = 0; at < text.length && shown.length <= most; at++) {
    const end = Math.max(longestAt(text, at, search), hidden.get(at) ?? -1);
    // Secrets overlap: one may begin in another.
    if (at < covered) covered = Math.max(covered, end);
    else if (end > at) {
      shown += mark;
      covered = end;
    } else shown += text.charAt(at);
  }
  return search.effort.left < 0 ? mark : cut(shown, most);
}

interface Search {
  readonly secrets: readonly Secret[];
  readonly effort: Effort;
}

function longestAt(text: string, at: number, { secrets, effort }: Search): number {
  const code = text.charCodeAt(at);
  let longest = -1;
  for (const secret of secrets)
    if (secret.beginnings.has(code)) longest = Math.max(longest, spellingAt(text, at, secret.text, effort));
  return longest;
}

/** Stretches whose decoded text holds a secret, by where they begin. */
function hiddenRuns(text: string, search: Search, most: number, depth: number): ReadonlyMap<number, number> {
  const runs = new Map<number, number>();
  // Marks shorten a text: what is shown may come from further on, but not from beyond what may be looked at.
  const looked = text.length > most + mostCharacters ? text.slice(0, most + mostCharacters) : text;
  for (const { start, end, texts } of encodedRuns(looked)) {
    search.effort.left -= Math.ceil((end - start) / 8);
    if (search.effort.left < 0) break;
    if (texts.some((decoded) => holds(decoded, search, depth + 1)))
      runs.set(start, Math.max(end, runs.get(start) ?? 0));
  }
  return runs;
}

function holds(text: string, search: Search, depth: number): boolean {
  for (let at = 0; at < text.length && search.effort.left >= 0; at++) if (longestAt(text, at, search) > at) return true;
  return depth < deepest && hiddenRuns(text, search, mostCharacters, depth).size > 0;
}
