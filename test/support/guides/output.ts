/**
 * What a guide shows as output, as a pattern: `…` is anything on one line, and a line that is only `…` is any lines. Digests and times change
 * from run to run, and so guides write `…` for them.
 */
export function outputPattern(shown: string): RegExp {
  const lines = shown.split('\n').map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : `${escaped(line)}\\n`));
  // The text ends with a line break, after which the last line is empty.
  return new RegExp(`^${lines.slice(0, -1).join('')}$`);
}

const escaped = (line: string): string =>
  line
    .split('…')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*');
