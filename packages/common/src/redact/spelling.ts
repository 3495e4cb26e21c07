import { foldAt, readings } from './readings.js';

/** At most so many ways to read a secret are followed at a time: more differ only in runs of backslashes. */
const mostWays = 32;

/** How much may still be looked at; what is left counts for all searches in one text. */
export interface Effort {
  left: number;
}

/**
 * Where the longest spelling of a secret ends that begins at a place of a text; -1 where none begins. Spellings are mixed as programs
 * mix them: each character as it is, escaped (JSON and JSON in JSON, C, shells, HTML), or percent-encoded, lines folded anywhere.
 * All ways to read it are followed side by side, each step of each of them is an effort.
 */
export function spellingAt(text: string, start: number, secret: string, effort: Effort): number {
  let places = new Set([start]);
  let read = 0;
  for (const character of secret) {
    const next = following(text, places, character, start);
    effort.left -= next.size + 1;
    if (effort.left < 0) return -1;
    if (next.size === 0) return read < enoughOf(secret) ? -1 : cutAfter(text, places);
    places = next;
    read += character.length;
  }
  const end = Math.max(...places);
  return end > start ? end : -1;
}

/** A prefix of this length counts as the secret: servers truncate what they repeat, and a shorter prefix reveals little. */
const enoughOf = (secret: string): number => Math.min(16, Math.max(4, Math.ceil(secret.length / 2)));

/** Where a text ends but for marks that close, or says that it was cut; perhaps in the middle of an escape. */
const cutMark = /(?:[%\\&=][#\w{]{0,5})?(?:\u2026|\.\.\.|["'`)\]}>.]{0,4}$)/y;

/** The end of a secret that was cut at one of these places; -1 where the text goes on, with something else. */
function cutAfter(text: string, places: ReadonlySet<number>): number {
  const ends = [...places].filter((place) => {
    cutMark.lastIndex = place;
    return cutMark.test(text);
  });
  return ends.length === 0 ? -1 : Math.max(...ends);
}

function following(text: string, places: ReadonlySet<number>, character: string, start: number): Set<number> {
  const next = new Set<number>();
  for (const place of places) {
    const folded = place === start ? -1 : foldAt(text, place);
    for (const at of folded > place ? [place, folded] : [place])
      for (const reading of readings)
        for (const end of reading(text, at, character)) if (next.size < mostWays) next.add(end);
    // Line breaks are lost on the way.
    if (character === '\n' || character === '\r') next.add(place);
  }
  return next;
}

/** What a spelling of a secret can begin with. */
export function beginnings(secret: string): ReadonlySet<number> {
  const first = secret.codePointAt(0) ?? 0;
  const character = String.fromCodePoint(first);
  const raw = [character, character.toLowerCase(), character.toUpperCase()].map((one) => one.charCodeAt(0));
  const bytes = new TextEncoder().encode(character);
  const marks = Array.from('\\%&=\'"', (mark) => mark.charCodeAt(0));
  return new Set([...raw, bytes[0] as number, 0xfffd, ...marks]);
}
