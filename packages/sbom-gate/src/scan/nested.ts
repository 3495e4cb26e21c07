import type { JsonObject, JsonValue } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import { DocumentBuilder } from '../sbom/build-document.js';
import type { ParsedDocument } from '../sbom/parsed.js';
import { reportFormats } from './formats.js';
import type { ScanReport } from './report.js';

/** Reads a scanner's own report that stands inside a predicate. @throws {GateError} `ERR_GATE_EVIDENCE` for one of two formats */
export function readNestedReport(report: JsonObject): ScanReport | undefined {
  const document = asDocument(report);
  const [format, ...more] = reportFormats.filter((one) => one.matches(document));
  if (format !== undefined && more.length > 0) {
    const names = [format, ...more].map(({ name }) => name).join(' and as ');
    throw new GateError('ERR_GATE_EVIDENCE', `the report in the predicate could be read as ${names}`);
  }
  return format?.read(document);
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
