import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@notarykit/common';
import { memberText, type ParsedDocument } from '../evidence/parsed.js';
import { listOf, objectOf, textOf, textsOf } from '../json/members.js';
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
  const statements = (document.lists.get('statements') ?? []).filter(isJsonObject);
  return {
    class: 'vex',
    format: 'openvex',
    formatVersion: version,
    statements: statements.flatMap((statement, i) => readStatement(statement, `/statements/${i}`, time)),
    subject: subjectOf({}),
    warnings: [],
  };
}

const statuses: readonly string[] = ['not_affected', 'affected', 'fixed', 'under_investigation'];

function readStatement(
  statement: JsonObject,
  pointer: string,
  documentTime: string | undefined,
): readonly VexStatement[] {
  const vulnerability = objectOf(statement, 'vulnerability');
  const id = textOf(statement, 'vulnerability') ?? textOf(vulnerability, 'name') ?? textOf(vulnerability, '@id');
  const status = textOf(statement, 'status') ?? '';
  if (id === undefined || !statuses.includes(status)) return [];
  const justification = textOf(statement, 'justification');
  const time = textOf(statement, 'timestamp') ?? documentTime;
  return [
    {
      id: id.slice(id.lastIndexOf('/') + 1),
      aliases: textsOf(vulnerability, 'aliases'),
      status: status as VexStatus,
      ...(justification === undefined ? {} : { justification }),
      ...(time === undefined ? {} : { time }),
      products: listOf(statement, 'products').map(readProduct),
      pointer,
    },
  ];
}

function readProduct(product: JsonValue): VexProduct {
  const subcomponents = isJsonObject(product) ? listOf(product, 'subcomponents').map(idsOf) : [];
  return { ids: idsOf(product), subcomponents };
}

/** Everything that names a product: its id, its identifiers, and its digests. */
function idsOf(item: JsonValue): readonly string[] {
  if (typeof item === 'string') return [item];
  if (!isJsonObject(item)) return [];
  const identifiers = Object.values(objectOf(item, 'identifiers') ?? {});
  const hash = textOf(objectOf(item, 'hashes'), 'sha-256') ?? textOf(objectOf(item, 'hashes'), 'sha256');
  return [textOf(item, '@id'), ...identifiers, hash === undefined ? undefined : `sha256:${hash}`].filter(
    (id) => typeof id === 'string' && id !== '',
  ) as string[];
}
