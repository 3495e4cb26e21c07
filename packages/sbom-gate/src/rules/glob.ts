/** A whole-text pattern. `*` stands for any run of characters, `?` for one; nothing else is special. */
export type Glob = (text: string) => boolean;

/**
 * Compiles a pattern. Matching walks forward and goes back to the last `*` only, so it takes at most pattern × text steps:
 * no pattern and no text can make it explode.
 */
export function compileGlob(pattern: string): Glob {
  if (!isGlob(pattern)) return (text) => text === pattern;
  const compact = pattern.replace(/\*+/g, '*');
  // The literal start decides most texts without the walk.
  const literal = /^[^*?]*/.exec(compact)?.[0] ?? '';
  return (text) => text.startsWith(literal) && matches(compact, text);
}

/** Whether a pattern has a wildcard. */
export function isGlob(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?');
}

function matches(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    const character = pattern.charCodeAt(p);
    if (character === 0x2a) {
      star = p++;
      mark = t;
    } else if (p < pattern.length && (character === 0x3f || character === text.charCodeAt(t))) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern.charCodeAt(p) === 0x2a) p++;
  return p === pattern.length;
}
