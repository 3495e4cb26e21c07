import type { Random } from './random.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Mutation = (bytes: Bytes, random: Random, other: Bytes) => Bytes;

function splice(bytes: Bytes, at: number, remove: number, insert: Uint8Array): Bytes {
  const result = new Uint8Array(bytes.length - remove + insert.length);
  result.set(bytes.subarray(0, at));
  result.set(insert, at);
  result.set(bytes.subarray(at + remove), at + insert.length);
  return result;
}

const interesting = [0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xff, 0x30, 0x31, 0xa0, 0x5f, 0xbf, 0xf6] as const;

function rangeOf(bytes: Bytes, random: Random, longest: number): [start: number, length: number] {
  if (bytes.length === 0) return [0, 0];
  const start = random.below(bytes.length);
  return [start, Math.min(bytes.length - start, 1 + random.below(longest))];
}

const replaceByte = (bytes: Bytes, random: Random, value: (old: number) => number): Bytes => {
  if (bytes.length === 0) return bytes;
  const copy = bytes.slice();
  const at = random.below(copy.length);
  copy[at] = value(copy[at] as number);
  return copy;
};

const byteMutations: readonly Mutation[] = [
  (bytes, random) => replaceByte(bytes, random, (old) => old ^ (1 << random.below(8))),
  (bytes, random) => replaceByte(bytes, random, () => random.below(256)),
  (bytes, random) => replaceByte(bytes, random, () => random.pick(interesting)),
  (bytes, random) => replaceByte(bytes, random, (old) => old + (random.oneIn(2) ? 1 : -1)),
  (bytes, random) => splice(bytes, random.below(bytes.length + 1), 0, random.bytes(1 + random.below(8))),
  (bytes, random) => splice(bytes, ...rangeOf(bytes, random, 16), new Uint8Array()),
  (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  (bytes, random) => {
    const [start, length] = rangeOf(bytes, random, 64);
    return splice(bytes, random.below(bytes.length + 1), 0, bytes.slice(start, start + length));
  },
  (bytes, random, other) => {
    const [start, length] = rangeOf(other, random, 256);
    return splice(bytes, ...rangeOf(bytes, random, 256), other.slice(start, start + length));
  },
];

/**
 * One random change to bytes of any format: bits, bytes, pieces cut, doubled, inserted or taken from `other`.
 */
export function mutateBytes(bytes: Uint8Array, random: Random, other: Uint8Array = bytes): Bytes {
  return random.pick(byteMutations)(bytes as Bytes, random, other as Bytes);
}

/** An element of a DER document, as far as its length tells: lenient, it is not the reader under test. */
interface Element {
  readonly start: number;
  readonly content: number;
  readonly end: number;
  /** Offsets of the elements around it, outermost first. */
  readonly parents: readonly Element[];
}

/** The elements of a document that reads as DER, in their order; extensions' OCTET STRINGs are entered too. */
function elementsOf(bytes: Bytes): Element[] {
  const found: Element[] = [];
  const walk = (from: number, to: number, parents: readonly Element[]): boolean => {
    let at = from;
    while (at < to) {
      const element = elementAt(bytes, at, to, parents);
      if (element === undefined) return false;
      found.push(element);
      if (((bytes[at] as number) & 0x20) !== 0) walk(element.content, element.end, [...parents, element]);
      else if (bytes[at] === 0x04 && bytes[element.content] === 0x30) {
        const mark = found.length;
        if (!walk(element.content, element.end, [...parents, element])) found.length = mark;
      }
      at = element.end;
    }
    return true;
  };
  walk(0, bytes.length, []);
  return found;
}

function elementAt(bytes: Bytes, start: number, to: number, parents: readonly Element[]): Element | undefined {
  let length = bytes[start + 1] ?? 0;
  let content = start + 2;
  if (length >= 0x80) {
    const octets = length & 0x7f;
    if (octets === 0 || octets > 3) return undefined;
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (bytes[content + i] ?? 0);
    content += octets;
  }
  const end = content + length;
  return end <= to ? { start, content, end, parents } : undefined;
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) octets.unshift(rest & 0xff);
  return [0x80 | octets.length, ...octets];
}

/** Replaces an element and mends the lengths of all that hold it, so that the change is met deep inside. */
function replaceElement(bytes: Bytes, element: Element, insert: Uint8Array): Bytes {
  let piece: Uint8Array = insert;
  let { start, end } = element;
  for (const parent of [...element.parents].reverse()) {
    const before = bytes.subarray(parent.content, start);
    const after = bytes.subarray(end, parent.end);
    const header = [bytes[parent.start] as number, ...lengthOctets(before.length + piece.length + after.length)];
    piece = Uint8Array.from([...header, ...before, ...piece, ...after]);
    start = parent.start;
    end = parent.end;
  }
  return splice(bytes, start, end - start, piece);
}

type ElementMutation = (bytes: Bytes, element: Element, random: Random, other: Bytes) => Bytes;

const wholeOf = (bytes: Bytes, { start, end }: Element): Bytes => bytes.slice(start, end);
const encode = (tag: number, content: Uint8Array): Uint8Array =>
  Uint8Array.from([tag, ...lengthOctets(content.length), ...content]);

const elementMutations: readonly ElementMutation[] = [
  // left out, doubled, swapped with another, taken from another document
  (bytes, element) => replaceElement(bytes, element, new Uint8Array()),
  (bytes, element) =>
    replaceElement(bytes, element, Uint8Array.from([...wholeOf(bytes, element), ...wholeOf(bytes, element)])),
  (bytes, element, random) => replaceElement(bytes, element, wholeOf(bytes, random.pick(elementsOf(bytes)))),
  (bytes, element, random, other) => {
    const elements = elementsOf(other);
    return elements.length === 0 ? bytes : replaceElement(bytes, element, wholeOf(other, random.pick(elements)));
  },
  // another tag, other content, the content wrapped once more
  (bytes, element, random) =>
    replaceElement(bytes, element, encode(random.below(256), bytes.slice(element.content, element.end))),
  (bytes, element, random) =>
    replaceElement(bytes, element, encode(bytes[element.start] as number, random.bytes(random.below(12)))),
  (bytes, element, random) => {
    const content = mutateBytes(bytes.slice(element.content, element.end), random);
    return replaceElement(bytes, element, encode(bytes[element.start] as number, content));
  },
  (bytes, element, random) =>
    replaceElement(bytes, element, encode(random.pick([0x30, 0x31, 0xa0, 0x04]), wholeOf(bytes, element))),
  // the same length written longer, or as indefinite: BER, not DER
  (bytes, element) => {
    const content = bytes.subarray(element.content, element.end);
    const length = [0x84, 0, (content.length >> 16) & 0xff, (content.length >> 8) & 0xff, content.length & 0xff];
    return replaceElement(bytes, element, Uint8Array.from([bytes[element.start] as number, ...length, ...content]));
  },
  (bytes, element) => {
    const content = bytes.subarray(element.content, element.end);
    return replaceElement(
      bytes,
      element,
      Uint8Array.from([(bytes[element.start] as number) | 0x20, 0x80, ...content, 0, 0]),
    );
  },
];

/**
 * One random change to a DER document that knows its structure: elements left out, doubled, swapped, retagged, refilled,
 * rewrapped or written as BER, with the lengths around them mended. Every fourth change is one of plain bytes.
 */
export function mutateDer(bytes: Uint8Array, random: Random, other: Uint8Array = bytes): Bytes {
  const elements = random.oneIn(4) ? [] : elementsOf(bytes as Bytes);
  if (elements.length === 0) return mutateBytes(bytes, random, other);
  return random.pick(elementMutations)(bytes as Bytes, random.pick(elements), random, other as Bytes);
}

/** Several changes, mostly few: 1 in half of the inputs, then 2, 3 … up to 8. */
export function mutateSeveral(
  bytes: Uint8Array,
  random: Random,
  mutate: (bytes: Uint8Array, random: Random) => Bytes,
): Bytes {
  let result = mutate(bytes, random);
  for (let i = 0; i < 7 && random.oneIn(2); i++) result = mutate(result, random);
  return result;
}
