import { quote } from '@notarykit/common/internal';
import { dockerfileError } from './error.js';
import type { EscapeMark, Line } from './lines.js';
import { trimStart } from './white-space.js';

const names = new Set(['syntax', 'escape', 'check']);
const directive = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*$/;

/** Directives are at the start of the file; the first line that is not one ends them. */
function* readDirectives(
  lines: readonly string[],
  { comment, indented }: { readonly comment: string; readonly indented: boolean },
): Generator<Line & { readonly name: string }> {
  const seen = new Set<string>();
  for (const [index, raw] of lines.entries()) {
    const line = indented ? trimStart(raw) : raw;
    const [, key = '', text = ''] = line.startsWith(comment)
      ? (directive.exec(trimStart(line.slice(comment.length))) ?? [])
      : [];
    const name = key.toLowerCase();
    if (!names.has(name)) return;
    if (seen.has(name)) throw dockerfileError(index + 1, `expected the directive "${name}" once, found it again`);
    seen.add(name);
    yield { name, text, number: index + 1 };
  }
}

/** The character of `# escape=`, which is `\` where there is none. */
export function readEscapeMark(lines: readonly string[]): EscapeMark {
  for (const { name, text, number } of readDirectives(lines, { comment: '#', indented: true })) {
    if (name !== 'escape') continue;
    if (text === '\\' || text === '`') return text;
    throw dockerfileError(number, `expected "# escape=" to name "\\" or "\`", found ${quote(text)}`);
  }
  return '\\';
}

/** The frontend image of `# syntax=`, of `// syntax=`, or of a file that is JSON; a first line `#!` is left out. */
export function readSyntax(lines: readonly string[]): Line | undefined {
  const shebang = lines[0]?.startsWith('#!') === true ? 1 : 0;
  for (const comment of ['#', '//']) {
    for (const { name, text, number } of readDirectives(lines.slice(shebang), { comment, indented: false }))
      if (name === 'syntax') return { text: text.split(' ', 1)[0] ?? '', number: number + shebang };
  }
  return syntaxOfJson(lines.slice(shebang).join('\n'));
}

function syntaxOfJson(text: string): Line | undefined {
  try {
    const { syntax } = JSON.parse(text) as { readonly syntax?: unknown };
    return typeof syntax === 'string' ? { text: syntax, number: 1 } : undefined;
  } catch {
    return undefined;
  }
}
