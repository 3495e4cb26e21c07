import { CodecError, type JsonObject, type JsonValue, quote } from '@notarykit/common/internal';
import { SaxesParser } from 'saxes';
import { GateError } from '../errors.js';
import { textOf } from '../json/members.js';
import { DocumentBuilder, type DocumentLimits } from './build-document.js';
import type { ParsedDocument } from './parsed.js';

const bomNamespace = /^http:\/\/cyclonedx\.org\/schema\/bom\/(1\.\d+)$/;
const vulnerabilityNamespace = 'http://cyclonedx.org/schema/ext/vulnerability/1.0';

interface Node {
  readonly name: string;
  readonly members: Record<string, JsonValue>;
  readonly children: Node[];
  text: string;
}

/**
 * Reads CycloneDX XML into the shape of its JSON. Document types, and with them entities, are refused: nothing is expanded
 * and nothing fetched.
 */
export function parseCyclonedxXml(text: string, limits: DocumentLimits & { readonly depth: number }): ParsedDocument {
  const root = parseXml(text, limits);
  const builder = new DocumentBuilder(limits);
  const version = bomNamespace.exec(textOf(root.members, 'xmlns') ?? '')?.[1];
  if (root.name !== 'bom' || version === undefined)
    throw new GateError('ERR_GATE_EVIDENCE', 'XML: expected a bom of the CycloneDX namespace');
  put(builder, 'bomFormat', 'CycloneDX');
  put(builder, 'specVersion', version);
  for (const name of ['serialNumber']) if (root.members[name] !== undefined) put(builder, name, root.members[name]);
  const seen = new Set<string>();
  const extension = extensionsIn(root);
  for (const child of root.children) {
    if (seen.has(child.name)) throw repeated(child.name, 'bom');
    seen.add(child.name);
    const value = convert(child);
    const more = child.name === 'vulnerabilities' ? extension.splice(0) : [];
    put(builder, child.name, Array.isArray(value) && more.length > 0 ? [...(value as JsonValue[]), ...more] : value);
  }
  if (extension.length > 0) put(builder, 'vulnerabilities', extension);
  return builder.document();
}

function repeated(name: string, inside: string): GateError {
  return new GateError('ERR_GATE_EVIDENCE', `XML: ${quote(name)} stands more than once in ${quote(inside)}`);
}

function put(builder: DocumentBuilder, name: string, value: JsonValue): void {
  const wanted = builder.member(name);
  if (wanted === 'items' && Array.isArray(value))
    value.forEach((item: JsonValue, i) => {
      builder.item(name, item, i);
    });
  else if (wanted !== 'skip') builder.value(name, value);
}

function parseXml(text: string, limits: DocumentLimits & { readonly depth: number }): Node {
  const stack: Node[] = [{ name: '', members: {}, children: [], text: '' }];
  const parser = new SaxesParser({ xmlns: true });
  let count = 0;
  parser.on('error', (cause) => {
    throw new GateError('ERR_GATE_EVIDENCE', `XML: ${cause.message}`, { cause });
  });
  parser.on('doctype', () => {
    throw new GateError('ERR_GATE_EVIDENCE', 'XML: a document type is not allowed');
  });
  parser.on('opentag', (tag) => {
    if (stack.length > limits.depth || ++count > limits.items * 20)
      throw new CodecError('ERR_CODEC_LIMIT', 'XML is nested too deep or has too many elements');
    const members = Object.create(null) as Record<string, JsonValue>;
    for (const attribute of Object.values(tag.attributes))
      if (attribute.name !== 'xmlns') members[attribute.local] = attribute.value;
    members['xmlns'] = tag.uri;
    const node: Node = { name: tag.local, members, children: [], text: '' };
    stack[stack.length - 1]?.children.push(node);
    stack.push(node);
  });
  parser.on('text', (content) => {
    const top = stack[stack.length - 1];
    if (top !== undefined) top.text += content;
  });
  parser.on('cdata', (content) => {
    const top = stack[stack.length - 1];
    if (top !== undefined) top.text += content;
  });
  parser.on('closetag', () => void stack.pop());
  parser.write(text).close();
  const root = stack[0]?.children[0];
  if (root === undefined) throw new GateError('ERR_GATE_EVIDENCE', 'XML: the document has no root');
  return root;
}

/** Elements whose children are a list; the name of the children does not matter. */
const listNames = new Set([
  'components',
  'vulnerabilities',
  'hashes',
  'properties',
  'references',
  'ratings',
  'affects',
  'versions',
  'services',
  'compositions',
]);

function convert(node: Node): JsonValue {
  if (node.children.length > 0 && node.text.trim() !== '')
    throw new GateError('ERR_GATE_EVIDENCE', `XML: text is beside the elements of ${quote(node.name)}`);
  if (node.name === 'licenses') return node.children.map(licenseOf);
  if (node.name === 'tools' && node.children.some(({ name }) => name === 'tool')) return node.children.map(convert);
  if (listNames.has(node.name)) return node.children.map(convert);
  if (node.name === 'hash') return { alg: node.members['alg'] ?? '', content: node.text.trim() };
  if (node.name === 'property') return { name: node.members['name'] ?? '', value: node.text.trim() };
  if (node.children.length === 0 && node.name !== 'component') return node.text.trim();
  const object = Object.create(null) as Record<string, JsonValue>;
  for (const [name, value] of Object.entries(node.members)) if (name !== 'xmlns') object[name] = value;
  // What appears twice becomes a list, which a reader that expects one of it refuses.
  const lists = new Map<string, JsonValue[]>();
  for (const child of node.children) {
    const { name } = child;
    const before = lists.get(name) ?? (name in object ? [object[name] as JsonValue] : undefined);
    if (before === undefined) object[name] = convert(child);
    else {
      before.push(convert(child));
      lists.set(name, before);
      object[name] = [before];
    }
  }
  return object;
}

function licenseOf(node: Node): JsonValue {
  const attributes = Object.fromEntries(Object.entries(node.members).filter(([name]) => name !== 'xmlns'));
  if (node.name === 'expression') return { ...attributes, expression: node.text.trim() };
  const license = convert({ ...node, name: 'license' });
  return { license: typeof license === 'string' ? { ...attributes, name: license } : license };
}

/** Vulnerabilities of the extension that came before version 1.4: inside the component that they are about, at any level. */
function extensionsIn(root: Node): JsonObject[] {
  const found: JsonObject[] = [];
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const child of node.children) {
      if (child.name === 'vulnerabilities' && child.members['xmlns'] === vulnerabilityNamespace && node !== root)
        for (const one of child.children) found.push(extensionOf(node, one));
      else waiting.push(child);
    }
  }
  return found;
}

function extensionOf(component: Node, vulnerability: Node): JsonObject {
  return {
    id: only(vulnerability, 'id')?.text.trim() ?? '',
    ratings: only(vulnerability, 'ratings')?.children.map(ratingOf) ?? [],
    affects: [{ ref: component.members['bom-ref'] ?? vulnerability.members['ref'] ?? '' }],
  };
}

/** The child of a name, of which there is at most one. */
function only(node: Node, name: string): Node | undefined {
  const [first, ...more] = node.children.filter((child) => child.name === name);
  if (more.length > 0) throw repeated(name, node.name);
  return first;
}

function ratingOf(rating: Node): JsonObject {
  const text = (name: string): string | undefined => only(rating, name)?.text.trim();
  const scores = only(rating, 'score');
  const score = scores === undefined ? undefined : only(scores, 'base')?.text.trim();
  return {
    ...(text('severity') === undefined ? {} : { severity: text('severity') }),
    ...(text('method') === undefined ? {} : { method: text('method') }),
    ...(score === undefined ? {} : { score }),
  };
}
