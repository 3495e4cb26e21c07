import { utf8 } from '@notarykit/common/internal';

/** Once all warnings together are longer, the server cuts each to {@link longestItem}. */
const longestTotal = 4_096;
const longestItem = 256;

/** The name part of a qualified name: what may stand behind `<webhook>/`. */
const annotationKey = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** What a Warning header cannot carry. */
const control = /[\u0000-\u001f\u007f-\u009f]/;

/** What an API server would cut or drop of the side remarks of an answer. */
export function lostOf(warnings: readonly string[], annotations: Readonly<Record<string, string>>): readonly string[] {
  const total = warnings.reduce((sum, text) => sum + utf8(text).length, 0);
  return [
    ...warnings.flatMap((text) => (control.test(text) ? ['a warning with control characters'] : [])),
    ...warnings.flatMap((text) => (text === '' ? ['an empty warning'] : [])),
    ...(new Set(warnings).size < warnings.length ? ['a warning given twice'] : []),
    ...(total > longestTotal && warnings.some((text) => Array.from(text).length > longestItem)
      ? ['the end of a warning']
      : []),
    ...(total > longestTotal ? [`warnings beyond ${longestTotal} bytes`] : []),
    ...Object.keys(annotations).flatMap((key) => (annotationKey.test(key) ? [] : [`the annotation ${key}`])),
  ];
}
