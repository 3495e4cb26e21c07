import type { JsonObject, JsonValue } from '@notarykit/common';
import { DocumentBuilder } from '../evidence/build-document.js';
import type { ParsedDocument } from '../evidence/parsed.js';
import { reportFormats } from './formats.js';
import type { ScanReport } from './report.js';

/** Reads a scanner's own report that stands inside a predicate. */
export function readNestedReport(report: JsonObject): ScanReport | undefined {
  const document = asDocument(report);
  return reportFormats.find((format) => format.matches(document))?.read(document);
}

/** A parsed object in the shape in which documents are read. */
function asDocument(object: JsonObject): ParsedDocument {
  const builder = new DocumentBuilder({ items: 500_000 });
  for (const [name, value] of Object.entries(object) as [string, JsonValue][]) {
    const wanted = builder.member(name);
    if (wanted === 'items' && Array.isArray(value))
      value.forEach((item: JsonValue, index) => {
        builder.item(name, item, index);
      });
    else if (wanted !== 'skip') builder.value(name, value);
  }
  return builder.document();
}
