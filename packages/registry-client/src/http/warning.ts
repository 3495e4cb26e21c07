const limit = 4096;
const pattern = /(?:^|,)\s*(\d{3}) (\S+) "((?:[^"\\]|\\.)*)"(\s+"[^"]*")?\s*(?=,|$)/g;

/** The texts of a `Warning` header as the distribution specification allows them: code 299, agent `-`, no date; each once. */
export function parseWarnings(header: string | null): readonly string[] {
  if (header === null || header.length > limit) return [];
  const texts = new Set<string>();
  for (const [, code, agent, text = '', date] of header.matchAll(pattern)) {
    if (code === '299' && agent === '-' && date === undefined) texts.add(text.replace(/\\(.)/g, '$1'));
  }
  return [...texts];
}
