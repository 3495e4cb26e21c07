/** JSON that can be changed in place, member by member: names may appear twice, and a leaf is whatever text it is. */
export type JsonNode =
  | { kind: 'object'; members: [name: string, value: JsonNode][] }
  | { kind: 'array'; items: JsonNode[] }
  | { kind: 'text'; text: string };

/** The tree of a document. */
export function jsonTree(value: unknown): JsonNode {
  if (Array.isArray(value)) return { kind: 'array', items: value.map(jsonTree) };
  if (typeof value !== 'object' || value === null) return { kind: 'text', text: JSON.stringify(value) };
  return {
    kind: 'object',
    members: Object.entries(value).map(([name, member]) => [JSON.stringify(name), jsonTree(member)]),
  };
}

/** The text of a tree. */
export function writeJson(node: JsonNode): string {
  if (node.kind === 'text') return node.text;
  if (node.kind === 'array') return `[${node.items.map(writeJson).join(',')}]`;
  return `{${node.members.map(([name, value]) => `${name}:${writeJson(value)}`).join(',')}}`;
}

/** Every node below one, itself first. */
export function everyJson(node: JsonNode): JsonNode[] {
  if (node.kind === 'text') return [node];
  return [node, ...(node.kind === 'array' ? node.items : node.members.map(([, value]) => value)).flatMap(everyJson)];
}
