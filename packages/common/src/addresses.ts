/** What kind of network an address belongs to. */
export type AddressKind = 'public' | 'private' | 'loopback' | 'linkLocal' | 'reserved';

/**
 * The kind of an IP address, in text as resolvers, the URL parser and people write it (brackets, zone and a dot at the end are
 * allowed, and IPv4 of fewer parts, in hexadecimal or octal, which most programs connect to), or of the name `localhost`; `undefined`
 * for any other name. Addresses of cloud metadata services count as link-local, IPv4 inside IPv6
 * counts as that IPv4 address.
 *
 * @example
 * ```ts
 * addressKind('[::ffff:7f00:1]'); // 'loopback'
 * addressKind('0x7f.1'); // 'loopback'
 * addressKind('169.254.169.254'); // 'linkLocal'
 * addressKind('example.com'); // undefined
 * ```
 */
export function addressKind(host: string): AddressKind | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return 'loopback';
  const v4 = parseIpv4(name) ?? parseNumbers(name);
  if (v4 !== undefined) return ipv4Kind(v4);
  const groups = parseIpv6(name.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, ''));
  return groups === undefined ? undefined : ipv6Kind(groups);
}

type Octets = readonly [number, number, number, number];

function parseIpv4(text: string): Octets | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const octets = match?.slice(1).map(Number);
  return octets?.every((octet) => octet < 256) === true ? (octets as unknown as Octets) : undefined;
}

/** The forms of `inet_aton`, which the URL parser knows too: one to four numbers, the last of which fills what is left. */
function parseNumbers(text: string): Octets | undefined {
  const parts = text.split('.').map(parseNumber);
  const last = parts.pop();
  if (last === undefined || parts.length > 3 || parts.some((part) => part === undefined || part > 255))
    return undefined;
  if (last >= 256 ** (4 - parts.length)) return undefined;
  const value = parts.reduce<number>((sum, part, i) => sum + (part as number) * 256 ** (3 - i), last);
  return [Math.floor(value / 2 ** 24), Math.floor(value / 2 ** 16) % 256, Math.floor(value / 256) % 256, value % 256];
}

function parseNumber(text: string): number | undefined {
  if (/^0x[0-9a-f]{0,12}$/.test(text)) return Number.parseInt(`0${text.slice(2)}`, 16);
  if (/^0[0-7]{0,14}$/.test(text)) return Number.parseInt(text, 8);
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

interface Range {
  readonly kind: AddressKind;
  readonly network: Octets;
  readonly bits: number;
}

const range = (kind: AddressKind, network: Octets, bits: number): Range => ({ kind, network, bits });

// IANA special-purpose registry (RFC 6890), and the metadata services that lie outside 169.254/16. The first row decides.
const ipv4Ranges: readonly Range[] = /* @__PURE__ */ (() => [
  range('linkLocal', [100, 100, 100, 200], 32),
  range('linkLocal', [168, 63, 129, 16], 32),
  range('linkLocal', [169, 254, 0, 0], 16),
  range('loopback', [127, 0, 0, 0], 8),
  range('loopback', [0, 0, 0, 0], 8),
  range('private', [10, 0, 0, 0], 8),
  range('private', [172, 16, 0, 0], 12),
  range('private', [192, 168, 0, 0], 16),
  range('private', [100, 64, 0, 0], 10),
  range('private', [198, 18, 0, 0], 15),
  range('reserved', [192, 0, 0, 0], 24),
  range('reserved', [224, 0, 0, 0], 3),
])();

const toNumber = ([a, b, c, d]: Octets): number => a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;

function ipv4Kind(octets: Octets): AddressKind {
  const found = ipv4Ranges.find(({ network, bits }) => {
    const size = 2 ** (32 - bits);
    return Math.floor(toNumber(octets) / size) === Math.floor(toNumber(network) / size);
  });
  return found?.kind ?? 'public';
}

/** Eight groups of 16 bits. */
function parseIpv6(text: string): readonly number[] | undefined {
  if (!/^[0-9a-f:.]{2,45}$/.test(text)) return undefined;
  const halves = withoutDots(text).split('::');
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined;
  const groups = [...head, ...new Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16));
}

/** The dotted tail of an address as two groups. */
function withoutDots(text: string): string {
  const tail = text.slice(text.lastIndexOf(':') + 1);
  const octets = parseIpv4(tail);
  if (octets === undefined) return text;
  const [a, b, c, d] = octets;
  return `${text.slice(0, -tail.length)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

function ipv6Kind(groups: readonly number[]): AddressKind {
  const embedded = embeddedIpv4(groups);
  if (embedded !== undefined) return ipv4Kind(embedded);
  const [first = 0, second = 0] = groups;
  if (groups.slice(0, 7).every((group) => group === 0)) return 'loopback';
  if (first === 0xfd00 && second === 0xec2) return 'linkLocal';
  if ((first & 0xffc0) === 0xfe80) return 'linkLocal';
  if ((first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfec0) return 'private';
  return first >= 0xff00 ? 'reserved' : 'public';
}

/** IPv4 mapped, compatible, translated (RFC 6052) or tunnelled (6to4). */
function embeddedIpv4(groups: readonly number[]): Octets | undefined {
  const [first, second, third, , , sixth] = groups as [number, number, number, number, number, number];
  if (first === 0x2002) return octetsOf(second, third);
  const isTranslated = first === 0x64 && second === 0xff9b;
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && (sixth === 0xffff || sixth === 0);
  const [high, low] = groups.slice(6) as [number, number];
  // `::` and `::1` are separate addresses.
  return isTranslated || (isMapped && !(sixth === 0 && high === 0)) ? octetsOf(high, low) : undefined;
}

const octetsOf = (high: number, low: number): Octets => [high >> 8, high & 255, low >> 8, low & 255];
