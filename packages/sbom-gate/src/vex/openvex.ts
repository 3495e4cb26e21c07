import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import { listOf, objectIf, objectOf, objectsIn, textOf, textsOf } from '../json/members.js';
import { memberObjects, memberText, type ParsedDocument } from '../sbom/parsed.js';
import { subjectOf } from '../sbom/subject.js';
import type { VexDocument, VexProduct, VexStatement, VexStatus } from './document.js';

/** Whether a document is OpenVEX, of whatever version. */
export function isOpenvex(document: ParsedDocument): boolean {
  const context = document.values.get('@context');
  const list = isJsonArray(context) ? context : [context];
  return list.some((item) => typeof item === 'string' && /^https:\/\/openvex\.dev\/ns(?:\/|$)/.test(item));
}

/** Reads OpenVEX 0.2.0, and 0.0.1 where vulnerability and products are texts. */
export function readOpenvex(document: ParsedDocument): VexDocument {
  const time = memberText(document, 'timestamp');
  const version = /\/v([0-9.]+)$/.exec(memberText(document, '@context') ?? '')?.[1] ?? '';
  const statements = memberObjects(document, 'statements');
  return {
    class: 'vex',
    format: 'openvex',
    formatVersion: version,
    statements: statements.map((statement, i) => readStatement(statement, `/statements/${i}`, time)),
    subject: subjectOf({}),
    warnings: [],
  };
}

const statuses: readonly string[] = ['not_affected', 'affected', 'fixed', 'under_investigation'];

function readStatement(statement: JsonObject, pointer: string, documentTime: string | undefined): VexStatement {
  const vulnerability = objectIf(statement, 'vulnerability');
  const plain = vulnerability === undefined ? textOf(statement, 'vulnerability') : undefined;
  const id = plain ?? textOf(vulnerability, 'name') ?? textOf(vulnerability, '@id');
  const status = textOf(statement, 'status') ?? '';
  // A statement that is passed over might be the one that takes back an older one.
  if (id === undefined || !statuses.includes(status))
    throw new GateError('ERR_GATE_EVIDENCE', `OpenVEX: ${pointer} names no vulnerability, or no status that is known`);
  const justification = textOf(statement, 'justification');
  const time = timeOf(statement, status) ?? documentTime;
  // In version 0.0.1 they appear in the statement, and are about each of its products.
  const shared = listOf(statement, 'subcomponents').map(idsOf);
  return {
    id: id.slice(id.lastIndexOf('/') + 1),
    aliases: textsOf(vulnerability, 'aliases'),
    status: status as VexStatus,
    ...(justification === undefined ? {} : { justification }),
    ...(time === undefined ? {} : { time }),
    products: listOf(statement, 'products').map((product) => readProduct(product, shared)),
    pointer,
  };
}

/** What takes a finding away is as old as it was first said; what brings one back is as new as it was last said. */
function timeOf(statement: JsonObject, status: string): string | undefined {
  const time = textOf(statement, 'timestamp');
  return status === 'not_affected' || status === 'fixed' ? time : (textOf(statement, 'last_updated') ?? time);
}

function readProduct(product: JsonValue, shared: readonly (readonly string[])[]): VexProduct {
  const own = isJsonObject(product) ? listOf(product, 'subcomponents').map(idsOf) : [];
  return { ids: idsOf(product), subcomponents: [...own, ...shared] };
}

/** Everything that names a product: its id, its identifiers, and its digests. */
function idsOf(item: JsonValue): readonly string[] {
  if (typeof item === 'string') return [item];
  const [product] = objectsIn([item], 'products');
  const identifiers = Object.values(objectOf(product, 'identifiers') ?? {});
  const hashes = objectOf(product, 'hashes');
  const digests = ['sha-256', 'sha256'].flatMap((name) => textOf(hashes, name) ?? []).map((hash) => `sha256:${hash}`);
  return [textOf(product, '@id'), ...identifiers, ...digests].filter(
    (id) => typeof id === 'string' && id !== '',
  ) as string[];
}
