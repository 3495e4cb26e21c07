import { foldAt, readings } from './readings.js';

/** At most so many ways to read a secret are followed at a time: more differ in runs of backslashes alone. */
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
  for (const character of secret) {
    places = following(text, places, character, start);
    effort.left -= places.size + 1;
    if (places.size === 0 || effort.left < 0) return -1;
  }
  const end = Math.max(...places);
  return end > start ? end : -1;
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
  const raw = String.fromCodePoint(first).charCodeAt(0);
  const bytes = new TextEncoder().encode(String.fromCodePoint(first));
  const marks = Array.from('\\%&=\'"', (mark) => mark.charCodeAt(0));
  return new Set([raw, bytes[0] as number, 0xfffd, ...marks]);
}
