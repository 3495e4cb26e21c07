import { encodeNull, encodeOid, encodeSequence, encodeUtf8String } from '@notarykit/pki/internal/asn1';
import { type DerNode, everyNode, parseOne } from '../../../forge/der-tree.js';
import { hexBytes } from '../../../forge/hex.js';
import type { Choices } from '../../support/random.js';

const tags = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1c, 0x1e, 0x30, 0x31,
  0x80, 0x81, 0xa0, 0xa3,
];

/** Contents that readers disagree about, by tag. */
const contents: Readonly<Record<number, readonly string[]>> = {
  1: ['00', 'ff', '01', 'ffff', ''],
  2: ['00', 'ff', '80', '0001', 'ff80', '7fffffff', '0080000000', '00ffffffffffffffff', '02', '03', ''],
  3: ['0780', '0080', '00', '07a0', '0106', '0186', '000001', '0080ff', '0880', '01ff', ''],
  5: ['00', ''],
  6: [
    '550403',
    '55040a',
    '550406',
    '550408',
    '5504818000',
    '2b0601',
    '8001',
    '55048fffffff7f',
    '558fffffffff7f',
    '2a864886f70d010101',
    '2a',
    '',
    'ff',
  ],
  23: [
    '3235303130313030303030305a',
    '323530313031303030305a',
    '3235303130313030303030302b30303030',
    '3235303133313030303030305a',
    '3530303130313030303030305a',
    '3439313233313233353935395a',
    '3235303230333034303530362d30313030',
    '323530313031323430303030',
  ],
  24: [
    '32303235303130313030303030305a',
    '32303235303130313030303030302e355a',
    '323032353031303130303030305a',
    '32303235303130313030303030302b30303030',
    '39393939313233313233353935395a',
    '30303031303130313030303030305a',
    '32303439303130313030303030305a',
    '32303234303133303030303030305a',
  ],
  30: ['00610062', 'd83dde00', '006100', 'ffff', 'fdd0', ''],
  28: ['00000061', '61'],
};
const texts = [
  '',
  ' ',
  'a',
  'US',
  ' a ',
  'a\u00a0',
  '\ufeffa',
  'a@b',
  'a*',
  'a_b',
  'é',
  '\u0000',
  'a\n',
  'a,b+c',
  '#61',
  'Wa\\',
  'a=#b',
  'x'.repeat(70),
];
const stringTags = [0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a];

type Change = (node: DerNode, choices: Choices) => void;

const changes: readonly Change[] = [
  (node, { one }) => retag(node, one(tags)),
  (node, { one }) => retag(node, one(stringTags)),
  setContent,
  setContent,
  (node, { below }) => setBytes(node, (bytes) => flip(bytes, below(bytes.length * 8))),
  (node) => setBytes(node, (bytes) => bytes.slice(0, -1)),
  (node, { below }) => setBytes(node, (bytes) => Uint8Array.of(...bytes, below(256))),
  (node) => setBytes(node, (bytes) => Uint8Array.of(0, ...bytes)),
  (node, choices) => withChild(node, choices, (children, at) => void children.splice(at, 1)),
  (node, choices) => withChild(node, choices, (children, at) => void children.push(children[at] as DerNode)),
  (node, choices) => withChild(node, choices, (children, at) => void children.unshift(...children.splice(at, 1))),
  (node, choices) =>
    withChild(node, choices, (children, at) => void children.splice(at, 0, parseOne(choices.one(inserted)))),
  (node, { one }) => void Object.assign(node, { length: one(['long', 'indefinite']) }),
];

const inserted = [encodeNull(), encodeSequence(), encodeOid('1.2.3'), encodeUtf8String('x')];

/** Changes one element below a node, or two. */
export function changeDer(root: DerNode, choices: Choices): void {
  for (let i = choices.chance(0.2) ? 2 : 1; i > 0; i--) choices.one(changes)(choices.one(everyNode(root)), choices);
}

function retag(node: DerNode, tag: number): void {
  node.tag = tag;
}

function setContent(node: DerNode, { one }: Choices): void {
  const known = contents[node.tag];
  const isText = stringTags.includes(node.tag);
  if (known === undefined && !isText) return;
  delete node.children;
  node.content = isText ? new TextEncoder().encode(one(texts)) : hexBytes(one(known as readonly string[]));
}

function setBytes(node: DerNode, change: (bytes: Uint8Array) => Uint8Array): void {
  if (node.children !== undefined) return;
  node.content = change(node.content);
}

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = bytes.slice();
  if (changed.length > 0) changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
  return changed;
}

function withChild(node: DerNode, { below }: Choices, change: (children: DerNode[], at: number) => void): void {
  if (node.children !== undefined && node.children.length > 0) change(node.children, below(node.children.length));
}
