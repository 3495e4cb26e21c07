import { type Bytes, CodecError, copyBytes, decodeUtf8 } from '@notarykit/common/internal';

/** A tag and what it stands before. */
export class CborTag {
  readonly tag: number;
  readonly value: CborValue;
  constructor(tag: number, value: CborValue) {
    this.tag = tag;
    this.value = value;
  }
}

/**
 * A number that was written as a float. It is its own type, so that no reader can take one where COSE wants an integer:
 * `-7.0` is not the algorithm -7, and `33.0` not the label 33.
 */
export class CborFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A map key: COSE knows integers and text (RFC 9052, 1.5). */
export type CborKey = string | number;

/** A `number` is always an integer; integers outside ±(2^53-1) are `bigint`, floats {@link CborFloat}. */
export type CborValue =
  | null
  | boolean
  | number
  | bigint
  | CborFloat
  | string
  | Bytes
  | readonly CborValue[]
  | ReadonlyMap<CborKey, CborValue>
  | CborTag;

/** Bounds of {@link readCbor}. */
export interface ReadCborOptions {
  /** Nesting of arrays, maps and tags. Default 8. */
  readonly maxDepth?: number;
  /** Items of all kinds in the whole input. Default 1,000. */
  readonly maxItems?: number;
}

/** A value and how many bytes it took. */
export interface CborRead {
  readonly value: CborValue;
  readonly length: number;
}

/**
 * Reads one CBOR item (RFC 8949) of the profile that envelopes use: definite lengths, shortest integers and lengths, integer
 * and text keys that appear once, UTF-8 text, no undefined and no other simple values. Keys may appear in any order, since
 * the signature covers the bytes. Nothing is allocated by an announced length.
 *
 * @throws {CodecError} `ERR_CODEC_CBOR`, `ERR_CODEC_LIMIT`
 */
export function readCbor(bytes: Uint8Array, options: ReadCborOptions = {}): CborRead {
  const reader = new CborReader(bytes, options);
  const value = reader.item(0);
  return { value, length: reader.position };
}

class CborReader {
  position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #maxDepth: number;
  #itemsLeft: number;

  constructor(bytes: Uint8Array, options: ReadCborOptions) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#maxDepth = options.maxDepth ?? 8;
    this.#itemsLeft = options.maxItems ?? 1000;
  }

  item(depth: number): CborValue {
    if (depth > this.#maxDepth) throw limit(`CBOR is nested deeper than ${this.#maxDepth} levels`);
    if (--this.#itemsLeft < 0) throw limit('CBOR holds too many items');
    const first = this.#byte();
    const [major, info] = [first >> 5, first & 31];
    if (major === 7) return this.#simple(info);
    const argument = this.#argument(info);
    switch (major) {
      case 0:
        return argument;
      case 1:
        return typeof argument === 'bigint' ? -1n - argument : negative(argument);
      case 2:
        return copyBytes(this.#take(argument));
      case 3:
        return this.#text(argument);
      case 4:
        return this.#array(argument, depth);
      case 5:
        return this.#map(argument, depth);
      default:
        return new CborTag(Number(argument), this.item(depth + 1));
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.position];
    if (byte === undefined) throw malformed('CBOR ends in the middle of an item');
    this.position++;
    return byte;
  }

  /** The number that follows the first byte, in its shortest form (RFC 8949, 4.2.1). */
  #argument(info: number): number | bigint {
    if (info < 24) return info;
    if (info > 27) throw malformed(info === 31 ? 'CBOR of indefinite length' : `CBOR additional information ${info}`);
    const width = 1 << (info - 24);
    const at = this.#skip(width);
    const value =
      width === 1 ? this.#view.getUint8(at) : width === 2 ? this.#view.getUint16(at) : this.#wide(at, width);
    const least = width === 1 ? 24 : 2 ** (4 * width);
    if (value < least) throw malformed(`CBOR integer in ${width} bytes that fits fewer`);
    return value;
  }

  #wide(at: number, width: number): number | bigint {
    if (width === 4) return this.#view.getUint32(at);
    const value = this.#view.getBigUint64(at);
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  #skip(length: number): number {
    const at = this.position;
    if (length > this.#bytes.length - at) throw malformed('CBOR ends in the middle of an item');
    this.position = at + length;
    return at;
  }

  #take(length: number | bigint): Uint8Array {
    if (length > this.#bytes.length - this.position) throw limit(`CBOR announces ${length} bytes, more than there are`);
    const at = this.#skip(Number(length));
    return this.#bytes.subarray(at, this.position);
  }

  #text(length: number | bigint): string {
    const bytes = this.#take(length);
    try {
      return decodeUtf8(bytes);
    } catch (cause) {
      throw new CodecError('ERR_CODEC_CBOR', 'CBOR text that is not UTF-8', { cause });
    }
  }

  /** Each item takes a byte at least, so an announced count beyond that is refused before anything is made. */
  #count(count: number | bigint, least: number): number {
    if (Number(count) * least > this.#bytes.length - this.position || count > this.#itemsLeft)
      throw limit(`CBOR announces ${count} items, more than there are or may be`);
    return Number(count);
  }

  #array(announced: number | bigint, depth: number): readonly CborValue[] {
    const items: CborValue[] = [];
    for (let left = this.#count(announced, 1); left > 0; left--) items.push(this.item(depth + 1));
    return items;
  }

  #map(announced: number | bigint, depth: number): ReadonlyMap<CborKey, CborValue> {
    const map = new Map<CborKey, CborValue>();
    for (let left = this.#count(announced, 2); left > 0; left--) {
      const key = this.item(depth + 1);
      if (typeof key !== 'string' && !Number.isSafeInteger(key))
        throw malformed('CBOR key that is neither a small integer nor text');
      if (map.has(key as CborKey)) throw malformed('CBOR map with the same key twice');
      map.set(key as CborKey, this.item(depth + 1));
    }
    return map;
  }

  #simple(info: number): CborValue {
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
        return null;
      case 25:
        return new CborFloat(readHalf(this.#view.getUint16(this.#skip(2))));
      case 26:
        return new CborFloat(this.#view.getFloat32(this.#skip(4)));
      case 27:
        return new CborFloat(this.#view.getFloat64(this.#skip(8)));
      default:
        throw malformed(`CBOR simple value ${info}`);
    }
  }
}

function negative(argument: number): number | bigint {
  const value = -1 - argument;
  return Number.isSafeInteger(value) ? value : -1n - BigInt(argument);
}

/** IEEE 754 binary16 (RFC 8949, appendix D). */
function readHalf(half: number): number {
  const [exponent, mantissa, sign] = [(half >> 10) & 31, half & 0x3ff, half & 0x8000 ? -1 : 1];
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (mantissa + 1024) * 2 ** (exponent - 25);
}

function malformed(message: string): CodecError {
  return new CodecError('ERR_CODEC_CBOR', message);
}

function limit(message: string): CodecError {
  return new CodecError('ERR_CODEC_LIMIT', message);
}
