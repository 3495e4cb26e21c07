/**
 * Whether a host, as the URL parser writes it, is a literal or name of this machine or a private network: loopback, private,
 * link-local (cloud metadata), shared, unspecified, multicast and reserved addresses, also inside IPv6.
 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  if (host.startsWith('[')) return isPrivateIpv6(host.slice(1, -1));
  if (host.includes(':')) return isPrivateIpv6(host);
  return isPrivateIpv4(host);
}

/** Whether a host is this machine itself: what plain http is allowed for without asking. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function isPrivateIpv4(host: string): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
  if (match === null) return false;
  const [a, b, c] = match.slice(1).map(Number) as [number, number, number];
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100) return b >= 64 && b < 128;
  if (a === 169) return b === 254;
  if (a === 172) return b >= 16 && b < 32;
  if (a === 192) return b === 168 || (b === 0 && c === 0);
  return a === 198 && (b === 18 || b === 19);
}

function isPrivateIpv6(host: string): boolean {
  const groups = expandIpv6(host.replace(/%.*$/, ''));
  if (groups === undefined) return true;
  const [first = 0] = groups;
  const leading = groups.slice(0, 6);
  const embedded = `${(groups[6] ?? 0) >> 8}.${(groups[6] ?? 0) & 255}.${(groups[7] ?? 0) >> 8}.${(groups[7] ?? 0) & 255}`;
  const mapped = leading.slice(0, 5).every((group) => group === 0) && (leading[5] === 0xffff || leading[5] === 0);
  const translated = first === 0x64 && groups[1] === 0xff9b;
  if (mapped || translated) return isPrivateIpv4(embedded) || embedded.startsWith('0.');
  if (first === 0x2002)
    return isPrivateIpv4(
      `${(groups[1] ?? 0) >> 8}.${(groups[1] ?? 0) & 255}.${(groups[2] ?? 0) >> 8}.${(groups[2] ?? 0) & 255}`,
    );
  return (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80 || (first & 0xffc0) === 0xfec0 || first >= 0xff00;
}

function expandIpv6(host: string): number[] | undefined {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host);
  const text =
    dotted === null
      ? host
      : `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<string>(halves.length === 2 ? missing : 0).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16));
}
