/**
 * Whether a URL is reached without the proxy. Entries are names (which cover their subdomains), `.suffixes`, `*`, addresses and CIDR
 * blocks, each with an optional port. IPv4 addresses written as IPv6 match too, so that none slips past (CVE-2026-44492).
 */
export function bypassesProxy(url: URL, entries: readonly string[]): boolean {
  const host = unmapped(
    url.hostname
      .replace(/^\[|\]$/g, '')
      .toLowerCase()
      .replace(/\.$/, ''),
  );
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return entries.some((entry) => matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, bracketed, plain = '', wanted] = /^(?:\[([^\]]+)\]|([^:]*|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
  if (wanted !== undefined && wanted !== port) return false;
  const name = unmapped(bracketed ?? plain);
  if (name.includes('/')) return inBlock(name, host);
  if (name === '') return false;
  const suffix = name.replace(/^\*?\./, '');
  return host === name || host.endsWith(`.${suffix}`) || (name.startsWith('.') && host === suffix);
}

function unmapped(host: string): string {
  const match = /^::ffff:(?:([0-9a-f]{1,4}):([0-9a-f]{1,4})|(\d+\.\d+\.\d+\.\d+))$/.exec(host);
  if (match === null) return host;
  if (match[3] !== undefined) return match[3];
  const [high, low] = [Number.parseInt(match[1] ?? '0', 16), Number.parseInt(match[2] ?? '0', 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

function inBlock(block: string, host: string): boolean {
  const [base = '', bits = ''] = block.split('/');
  const [left, right] = [ipv4(base), ipv4(host)];
  const length = Number(bits);
  if (left === undefined || right === undefined || !Number.isInteger(length) || length < 0 || length > 32) return false;
  return length === 0 || (left ^ right) >>> (32 - length) === 0;
}

function ipv4(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256)) return undefined;
  return parts.reduce((all, part) => ((all << 8) | part) >>> 0, 0);
}
