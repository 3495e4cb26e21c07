import { CodecError, type JsonObject, type JsonValue } from '@notarykit/common';
import { SaxesParser } from 'saxes';
import { GateError } from '../errors.js';
import { DocumentBuilder, type DocumentLimits } from '../evidence/build-document.js';
import type { ParsedDocument } from '../evidence/parsed.js';
import { textOf } from '../json/members.js';

const bomNamespace = /^http:\/\/cyclonedx\.org\/schema\/bom\/(1\.\d+)$/;
const vulnerabilityNamespace = 'http://cyclonedx.org/schema/ext/vulnerability/1.0';

/** Whether text is XML whose root is a CycloneDX bom. */
export function isCyclonedxXml(text: string): boolean {
  return (
    /^\s*</.test(text) && /<(?:[A-Za-z_][\w.-]*:)?bom\s[^>]*cyclonedx\.org\/schema\/bom\//.test(text.slice(0, 4000))
  );
}

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
  for (const child of root.children) put(builder, child.name, convert(child));
  const extension = root.children.find(({ name }) => name === 'components')?.children.flatMap(extensionOf) ?? [];
  if (extension.length > 0) put(builder, 'vulnerabilities', extension);
  return builder.document();
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
  if (node.name === 'licenses') return node.children.map(licenseOf);
  if (node.name === 'tools' && node.children.some(({ name }) => name === 'tool')) return node.children.map(convert);
  if (listNames.has(node.name)) return node.children.map(convert);
  if (node.name === 'hash') return { alg: node.members['alg'] ?? '', content: node.text.trim() };
  if (node.name === 'property') return { name: node.members['name'] ?? '', value: node.text.trim() };
  if (node.children.length === 0 && node.name !== 'component') return node.text.trim();
  const object = Object.create(null) as Record<string, JsonValue>;
  for (const [name, value] of Object.entries(node.members)) if (name !== 'xmlns') object[name] = value;
  for (const child of node.children) object[child.name] = convert(child);
  return object;
}

function licenseOf(node: Node): JsonValue {
  const attributes = Object.fromEntries(Object.entries(node.members).filter(([name]) => name !== 'xmlns'));
  if (node.name === 'expression') return { ...attributes, expression: node.text.trim() };
  const inner = Object.fromEntries(node.children.map((child) => [child.name, child.text.trim()]));
  return { license: { ...attributes, ...inner } };
}

/** Vulnerabilities of the extension that came before version 1.4: inside the component that they are about. */
function extensionOf(component: Node): readonly JsonObject[] {
  const list = component.children.find(
    ({ name, members }) => name === 'vulnerabilities' && members['xmlns'] === vulnerabilityNamespace,
  );
  return (list?.children ?? []).map((vulnerability) => ({
    id: vulnerability.children.find(({ name }) => name === 'id')?.text.trim() ?? '',
    ratings: vulnerability.children
      .filter(({ name }) => name === 'ratings')
      .flatMap(({ children }) => children.map(ratingOf)),
    affects: [{ ref: component.members['bom-ref'] ?? vulnerability.members['ref'] ?? '' }],
  }));
}

function ratingOf(rating: Node): JsonObject {
  const text = (name: string): string | undefined => rating.children.find((child) => child.name === name)?.text.trim();
  const score = rating.children
    .find(({ name }) => name === 'score')
    ?.children.find(({ name }) => name === 'base')?.text;
  return {
    ...(text('severity') === undefined ? {} : { severity: text('severity') }),
    ...(text('method') === undefined ? {} : { method: text('method') }),
    ...(score === undefined ? {} : { score: Number(score) }),
  };
}
