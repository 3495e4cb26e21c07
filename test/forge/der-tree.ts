import { type Bytes, concatBytes } from '@notarykit/common';

/** An element of DER that can be changed in place: what stands within, or the bytes of a primitive one. */
export interface DerNode {
  tag: number;
  content: Uint8Array;
  children?: DerNode[];
  /** Octets of the length beyond the shortest form; `indefinite` is BER. */
  length?: 'long' | 'indefinite';
  /** `content` is the whole element, written as it is. */
  raw?: true;
}

/** The elements of some bytes; OCTET STRINGs whose content is DER are opened too. Throws for what is not DER. */
export function parseDer(bytes: Uint8Array): DerNode[] {
  const nodes: DerNode[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { tag, start, end } = header(bytes, at);
    nodes.push(nodeOf(tag, bytes.slice(start, end)));
    at = end;
  }
  return nodes;
}

function header(bytes: Uint8Array, at: number): { tag: number; start: number; end: number } {
  const first = bytes[at + 1] ?? 0x80;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  let length = octets === 0 ? first : 0;
  for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  const start = at + 2 + octets;
  if (first === 0x80 || start + length > bytes.length) throw new Error(`no DER at byte ${at}`);
  return { tag: bytes[at] as number, start, end: start + length };
}

function nodeOf(tag: number, content: Uint8Array): DerNode {
  if ((tag & 0x20) !== 0) return { tag, content, children: parseDer(content) };
  const children =
    tag === 0x04 && content[0] !== undefined && [0x30, 0x03, 0x04].includes(content[0]) ? tryDer(content) : undefined;
  return children === undefined ? { tag, content } : { tag, content, children };
}

function tryDer(content: Uint8Array): DerNode[] | undefined {
  try {
    return parseDer(content);
  } catch {
    return undefined;
  }
}

/** The one element of a document. */
export function parseOne(bytes: Uint8Array): DerNode {
  return parseDer(bytes)[0] as DerNode;
}

/** The bytes of an element. */
export function writeDer({ tag, content, children, length, raw }: DerNode): Bytes {
  if (raw === true) return content.slice() as Bytes;
  const body = children === undefined ? content : concatBytes(children.map(writeDer));
  if (length === 'indefinite') return concatBytes([Uint8Array.of(tag, 0x80), body, Uint8Array.of(0, 0)]);
  return concatBytes([Uint8Array.of(tag, ...lengthOf(body.length, length === 'long')), body]);
}

function lengthOf(length: number, long: boolean): number[] {
  if (length < 0x80 && !long) return [length];
  const octets: number[] = long ? [0] : [];
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  octets.push(...digits);
  return [0x80 | octets.length, ...octets];
}

/** Every element below one, itself first. */
export function everyNode(node: DerNode): DerNode[] {
  return [node, ...(node.children ?? []).flatMap(everyNode)];
}
