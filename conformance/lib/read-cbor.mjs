// As much CBOR as a COSE_Sign1 of the Notary Project needs: integers, strings, arrays, maps, tags.

/** A tagged item. */
export class Tag {
  constructor(number, value) {
    this.number = number;
    this.value = value;
  }
}

/** The one item that the bytes hold. Maps are of the class Map. */
export function readCbor(bytes) {
  const reader = { bytes, at: 0 };
  const item = readItem(reader);
  if (reader.at !== bytes.length) throw new Error('CBOR: bytes after the item');
  return item;
}

function readItem(reader) {
  const head = reader.bytes[reader.at++];
  const argument = readArgument(reader, head & 31);
  switch (head >> 5) {
    case 0:
      return argument;
    case 1:
      return -1 - argument;
    case 2:
      return take(reader, argument);
    case 3:
      return take(reader, argument).toString('utf8');
    case 4:
      return Array.from({ length: argument }, () => readItem(reader));
    case 5:
      return new Map(Array.from({ length: argument }, () => [readItem(reader), readItem(reader)]));
    case 6:
      return new Tag(argument, readItem(reader));
    default:
      throw new Error(`CBOR: unexpected head ${head}`);
  }
}

function readArgument(reader, info) {
  if (info < 24) return info;
  if (info > 27) throw new Error('CBOR: a length that is not definite');
  const bytes = take(reader, 2 ** (info - 24));
  const value = Number(BigInt(`0x${bytes.toString('hex')}`));
  if (!Number.isSafeInteger(value)) throw new Error('CBOR: a number that is too large');
  return value;
}

function take(reader, length) {
  const bytes = reader.bytes.subarray(reader.at, reader.at + length);
  if (bytes.length !== length) throw new Error('CBOR: ends in the middle');
  reader.at += length;
  return bytes;
}
