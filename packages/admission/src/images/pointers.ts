import { quote } from '@notarykit/common/internal';
import { AdmissionError } from '../errors.js';

/** The steps of a JSON pointer (RFC 6901), unescaped; {@link every} stands for every item. */
export type Steps = readonly string[];

/** The step for every item of a list or every value of a map. */
export const every = '*';

/**
 * Reads a pointer of a configuration. What could never lead to an image is refused here: at review it would find nothing, and
 * nothing found must not look like nothing to verify.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_CONFIG`
 */
export function parsePointer(text: unknown): Steps {
  if (typeof text !== 'string' || !text.startsWith('/')) throw refuse(text, 'a JSON pointer that begins with "/"');
  if (/~(?![01])/.test(text)) throw refuse(text, '"~0" for "~" and "~1" for "/"');
  const steps = text.slice(1).split('/').map(unescapeStep);
  const wrong = steps.find((step) => !canMatch(step));
  if (wrong !== undefined)
    throw refuse(text, `names of members, indexes and "*" between the slashes, not ${quote(wrong)}`);
  return steps;
}

/** No object of Kubernetes has a member without a name, of blanks around a name, or one that looks like another query language. */
function canMatch(step: string): boolean {
  return step === every || (step !== '' && step !== '-' && step === step.trim() && !/[*[\]\u0000-\u001f]/.test(step));
}

function refuse(found: unknown, expected: string): AdmissionError {
  return new AdmissionError(
    'ERR_ADMISSION_CONFIG',
    `kinds: expected ${expected}, found ${quote(found)}; an image of a container stands at "/spec/containers/*/image"`,
  );
}

function unescapeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A step as it is in a pointer. */
export function escapeStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
