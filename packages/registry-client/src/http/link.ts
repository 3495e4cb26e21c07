const linkPattern = /<([^<>]*)>((?:\s*;\s*[^\s=;,"]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/g;
const relPattern = /;\s*rel\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))/gi;

/** The target of the first link with relation `next` (RFC 8288), as the header writes it. */
export function nextLink(header: string | null): string | undefined {
  if (header === null || header.length > 16_384) return undefined;
  for (const [, target = '', parameters = ''] of header.matchAll(linkPattern)) {
    // Quoted values are removed before the search for `rel`, so that a title that mentions it does not count.
    const plain = parameters.replace(/;\s*(?!rel\b)[^\s=;,"]+\s*=\s*"(?:[^"\\]|\\.)*"/gi, '');
    for (const [, quoted, token] of plain.matchAll(relPattern)) {
      if ((quoted ?? token ?? '').toLowerCase().split(/\s+/).includes('next')) return target;
    }
  }
  return undefined;
}
