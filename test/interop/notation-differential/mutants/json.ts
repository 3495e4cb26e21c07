import { everyJson, type JsonNode, jsonTree } from '../../../forge/json-tree.js';
import type { Choices } from '../../support/random.js';

/** Values that readers disagree about. */
const values = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1',
  '3',
  '1.5',
  '3.0',
  '1e2',
  '1E400',
  '9007199254740993',
  '""',
  '"x"',
  '" "',
  '[]',
  '[null]',
  '["x"]',
  '[1]',
  '{}',
  '{"a":null}',
  '{"a":1,"a":2}',
  '"\\ud800"',
  '"\\u0000"',
  '"eA=="',
  '"eA"',
  '"x\\ny"',
  '"2025-01-01T00:00:00Z"',
  '"2025-01-01t00:00:00z"',
  '"2025-01-01T00:00:00.5Z"',
  '"2025-01-01T00:00:00+08:00"',
  '"2025-02-30T00:00:00Z"',
  '"2025-01-01T24:00:00Z"',
  '"2025-01-01T00:00:60Z"',
  '"2025-01-01 00:00:00Z"',
  '"2025-01-01T00:00:00"',
  '"0001-01-01T00:00:00Z"',
  '"2099-01-01T00:00:00Z"',
  '"1969-12-31T23:59:59Z"',
  '"2025-01-01T00:00:00,5Z"',
  '"2025-1-1T00:00:00Z"',
  '"2025-01-01T00:00:00-00:00"',
  '"notary.x509"',
  '"notary.x509.signingAuthority"',
  '"ES256"',
  '"PS256"',
  '"none"',
  '"ES384"',
  '"io.cncf.notary.signingScheme"',
  '"application/vnd.cncf.notary.payload.v1+json"',
  '["io.cncf.notary.signingScheme","io.cncf.notary.expiry"]',
  '["io.cncf.notary.signingScheme","io.cncf.notary.authenticSigningTime"]',
  '"linux"',
  '{"os":"linux","architecture":"arm64"}',
  `"sha256:${'A'.repeat(64)}"`,
  `"blake3:${'a'.repeat(64)}"`,
  `"sha512:${'a'.repeat(128)}"`,
  `"sha384:${'a'.repeat(96)}"`,
  '"sha256:x"',
];
/** Names that mean something, or look as if they did. */
const names = [
  'alg',
  'cty',
  'crit',
  'typ',
  'kid',
  'jku',
  'b64',
  'x5u',
  'x5c',
  'ALG',
  'Cty',
  'x',
  '',
  'io.cncf.notary.x',
  'io.cncf.notary.expiry',
  'io.cncf.notary.authenticSigningTime',
  'io.cncf.notary.signingTime',
  'io.cncf.notary.Expiry',
  'io.cncf.notary.verificationPlugin',
  'io.cncf.notary.verificationPluginMinVersion',
  'io.cncf.notary.signingAgent',
  'io.cncf.notary.timestampSignature',
  'targetArtifact',
  'TargetArtifact',
  'mediaType',
  'digest',
  'size',
  'Size',
  'annotations',
  'urls',
  'data',
  'platform',
  'artifactType',
  'payload',
  'header',
  'signature',
  'protected',
  'io.cncf.notary.timestamp',
  '__proto__',
  'constructor',
  '\u0000',
  '\u00e9',
];

type Change = (node: JsonNode, choices: Choices) => void;
const toValue: Change = (node, { one }) => void Object.assign(node, { kind: 'text', text: one(values) });
const fresh = ({ one }: Choices): JsonNode => ({ kind: 'text', text: one(values) });

const changes: readonly Change[] = [
  toValue,
  toValue,
  member((members, at) => void members.splice(at, 1)),
  member((members, at) => void members.push(members[at] as [string, JsonNode])),
  onMember((one, choices) => void one.splice(1, 1, fresh(choices))),
  onMember((member, { one }) => void member.splice(0, 1, JSON.stringify(one(names)))),
  onMember((one) => void one.splice(0, 1, upper(one[0]))),
  member((members, at, choices) => void members.splice(at, 0, [JSON.stringify(choices.one(names)), fresh(choices)])),
  member((members, at, choices) => void members.splice(at, 0, [JSON.stringify(choices.one(names)), fresh(choices)])),
  (node, choices) => node.kind === 'array' && void node.items.push(fresh(choices)),
  (node, { chance }) => node.kind === 'array' && void (chance(0.5) ? node.items.pop() : node.items.reverse()),
  (node) => void Object.assign(node, { kind: 'text', text: deep(40) }),
];

/** Changes one node of a tree, or two. Gives the text, in one form or another. */
export function changeJson(root: JsonNode, choices: Choices): void {
  for (let i = choices.chance(0.25) ? 2 : 1; i > 0; i--) choices.one(changes)(choices.one(everyJson(root)), choices);
}

/** The tree of a value, changed. */
export function changedTree(value: unknown, choices: Choices): JsonNode {
  const tree = jsonTree(value);
  changeJson(tree, choices);
  return tree;
}

function member(change: (members: [string, JsonNode][], at: number, choices: Choices) => void): Change {
  return (node, choices) => {
    if (node.kind === 'object' && node.members.length > 0)
      change(node.members, choices.below(node.members.length), choices);
  };
}

function onMember(change: (one: [string, JsonNode], choices: Choices) => void): Change {
  return member((members, at, choices) => change(members[at] as [string, JsonNode], choices));
}

function upper(name: string): string {
  return name.replace(/[a-z](?=[^a-z]*$)/, (letter) => letter.toUpperCase());
}

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
