import { type Bytes, concatBytes } from '@notarykit/common';
import { array, bytes, float, head, int, map, nil, single, tag, text } from '../../../forge/cbor.js';
import type { Entries } from '../../../forge/cose.js';
import { hexBytes } from '../../../forge/hex.js';
import type { Choices } from '../../support/random.js';

const name = (short: string): Bytes => text(`io.cncf.notary.${short}`);
const scheme = name('signingScheme');
const half = (value: string): Uint8Array => hexBytes(`f9${value}`);

/** Values that readers disagree about. */
const values: readonly Uint8Array[] = [
  int(0),
  int(1),
  int(-7),
  int(-37),
  int(-35),
  int(3, 2),
  int(1, 8),
  float(-7),
  single(-7),
  half('c700'),
  float(Number.NaN),
  half('7e00'),
  half('7c00'),
  float(1.5),
  text(''),
  text('x'),
  text('a/b'),
  bytes(new Uint8Array(0)),
  bytes(Uint8Array.of(1)),
  nil,
  hexBytes('f4'),
  hexBytes('f5'),
  hexBytes('f7'),
  hexBytes('e0'),
  hexBytes('f820'),
  array(),
  array(int(1)),
  array(text('x')),
  array(scheme),
  array(scheme, scheme),
  array(scheme, name('expiry')),
  array(scheme, int(3)),
  array(scheme, name('authenticSigningTime')),
  array(scheme, name('signingTime')),
  array(scheme, text('x')),
  array(scheme, int(40)),
  array(float(2)),
  map(),
  map([text('a'), int(1)]),
  map([int(1), int(1)]),
  map([text('a'), int(1)], [text('a'), int(2)]),
  map([nil, int(1)]),
  tag(0, text('2025-01-01T00:00:00Z')),
  tag(1, int(1_735_689_600)),
  tag(1, float(1_735_689_600.5)),
  tag(1, int(-1)),
  tag(1, int(4_102_444_800)),
  tag(1, float(1e13)),
  tag(1, text('x')),
  tag(2, bytes(Uint8Array.of(1))),
  tag(32, text('https://x.test')),
  tag(18, int(1)),
  tag(55799, int(1)),
  int(1_735_689_600),
  float(1_735_689_600),
  text('notary.x509'),
  text('notary.x509.signingAuthority'),
  text('application/vnd.cncf.notary.payload.v1+json'),
  text('2025-01-01T00:00:00Z'),
  hexBytes('1bffffffffffffffff'),
  hexBytes('3bffffffffffffffff'),
  hexBytes('1b0020000000000001'),
  hexBytes('9f01ff'),
  hexBytes('bfff'),
  hexBytes('7f6161ff'),
  hexBytes('5f4101ff'),
  hexBytes('62c328'),
  hexBytes('61'),
  head(3, 1, 2),
  concatBytes([head(4, 1, 1), int(1)]),
  nested(9),
  nested(20),
  array(bytes(new Uint8Array(0)), map(), bytes(Uint8Array.of(1))),
  text('@'),
  bytes(hexBytes('a0')),
  bytes(hexBytes('a10126')),
];
const keys: readonly Uint8Array[] = [
  ...Array.from({ length: 17 }, (_, i) => int(i)),
  int(33),
  int(34),
  int(35),
  int(32),
  int(258),
  int(-1),
  int(40),
  int(65_600),
  int(1, 2),
  int(3, 8),
  float(1),
  float(33),
  single(3),
  half('4000'),
  text('x'),
  text(''),
  text('X5c'),
  text('alg'),
  text('1'),
  text('io.cncf.notary.x'),
  name('expiry'),
  name('signingTime'),
  name('authenticSigningTime'),
  name('signingScheme'),
  name('verificationPlugin'),
  name('verificationPluginMinVersion'),
  name('signingAgent'),
  name('timestampSignature'),
  name('timestamp'),
  hexBytes('1bffffffffffffffff'),
  hexBytes('3b7fffffffffffffff'),
  nil,
  hexBytes('f5'),
  bytes(Uint8Array.of(1)),
  array(),
  hexBytes('7f6161ff'),
  hexBytes('61c3'),
];

type Change = (entries: Entries, choices: Choices) => Entries | Uint8Array;

const changes: readonly Change[] = [
  (entries, choices) => ({ ...entries, more: [choices.one(keys), value(choices)] }),
  (entries, choices) => ({ ...entries, more: [choices.one(keys), value(choices)] }),
  (entries, choices) => ({ more: [choices.one(keys), value(choices)], ...entries }),
  (entries, choices) => put(entries, choices, ([key]) => [key, value(choices)]),
  (entries, choices) => put(entries, choices, ([key]) => [key, value(choices)]),
  (entries, choices) => put(entries, choices, ([, old]) => [choices.one(keys), old]),
  (entries, choices) => put(entries, choices, () => undefined),
  (entries, choices) => ({ ...entries, twice: choices.one(Object.values(entries)) }),
  (entries) => indefinite(entries),
  (entries) => concatBytes([head(5, Object.keys(entries).length, 1), ...Object.values(entries).flat()]),
  (entries, { below }) => flip(map(...Object.values(entries)), below),
  (entries) => concatBytes([map(...Object.values(entries)), int(0)]),
  () => new Uint8Array(0),
];

/** Changes the entries of a header, once or twice. */
export function changeEntries(entries: Entries, choices: Choices): Entries | Uint8Array {
  const once = choices.one(changes)(entries, choices);
  const isDone = once instanceof Uint8Array || Object.keys(once).length === 0;
  return isDone || choices.chance(0.75) ? once : choices.one(changes)(once, choices);
}

/** A value: one of those, or one within a list, a map or a tag. */
function value(choices: Choices): Uint8Array {
  const plain = choices.one(values);
  if (choices.chance(0.7)) return plain;
  return choices.one([
    array(plain),
    map([choices.one(keys), plain]),
    tag(choices.below(300), plain),
    array(plain, plain),
  ]);
}

function put(
  entries: Entries,
  { one }: Choices,
  change: (entry: readonly [Uint8Array, Uint8Array]) => readonly [Uint8Array, Uint8Array] | undefined,
): Entries {
  const chosen = one(Object.keys(entries));
  const changed = change(entries[chosen] as readonly [Uint8Array, Uint8Array]);
  const rest = Object.fromEntries(Object.entries(entries).filter(([key]) => key !== chosen));
  return changed === undefined ? rest : { ...rest, [chosen]: changed };
}

function indefinite(entries: Entries): Uint8Array {
  return concatBytes([Uint8Array.of(0xbf), ...Object.values(entries).flat(), Uint8Array.of(0xff)]);
}

function flip(bytesOf: Uint8Array, below: Choices['below']): Uint8Array {
  const at = below(bytesOf.length);
  bytesOf[at] = (bytesOf[at] as number) ^ (1 << below(8));
  return bytesOf;
}

function nested(levels: number): Uint8Array {
  return levels === 0 ? int(1) : array(nested(levels - 1));
}
