const little = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A CK_ULONG: handles and numbers of a token come in the machine's byte order. */
export function readUlong(bytes: Uint8Array): number {
  const big = little ? [...bytes].reverse() : [...bytes];
  return big.reduce((number, byte) => number * 256 + byte, 0);
}
