import type { Name, NameAttribute } from '@notarykit/pki/internal/core';
import { missingAttribute, type ParsedName } from './distinguished-name.js';

/** The attribute types that a policy can name (RFC 4514, 3, and what notation's own rendering knows). */
export const typeNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.17': 'POSTALCODE',
};

/** Of these the last one counts, as notation reads them; every other type must be unique. */
const lastCounts = ['CN', 'SERIALNUMBER'];

/** UTF8String, NumericString, PrintableString, IA5String, UniversalString, BMPString: texts that decode in one way only. */
export const comparableTags: readonly number[] = [0x0c, 0x12, 0x13, 0x16, 0x1c, 0x1e];
export const controls: RegExp = /[\u0000-\u001f\u007f]/;

/** The attributes of a certificate's subject as identities compare them: parsed values, never a rendered text. */
export function subjectAttributes(subject: Name): ParsedName {
  const attributes = new Map<string, string>();
  if (subject.rdns.some((rdn) => rdn.length !== 1)) return { problem: 'it has a multi-valued RDN' };
  for (const attribute of subject.rdns.flat()) {
    const type = typeNames[attribute.type];
    if (type === undefined)
      return { problem: `attribute type ${attribute.type} cannot be compared`, attribute: attribute.type };
    const problem = valueProblem(attribute);
    if (problem !== undefined) return { problem: `${type} ${problem}`, attribute: type };
    if (attributes.has(type) && !lastCounts.includes(type))
      return { problem: `${type} appears twice`, attribute: type };
    attributes.set(type, attribute.value);
  }
  const missing = missingAttribute(attributes);
  return missing === undefined ? { attributes } : { problem: `${missing} is missing`, attribute: missing };
}

function valueProblem({ value, der }: NameAttribute): string | undefined {
  if (!comparableTags.includes(der[0] as number)) return 'is of a string type that cannot be compared exactly';
  if (controls.test(value)) return 'holds a control character';
  // CVE-2023-25656: notation refuses these two characters anywhere in a subject.
  if (value.includes('=#')) return 'holds "=#"';
  return undefined;
}
