import { createRedactor } from '../../redact/redactor.js';

const longest = 1024;

/**
 * Text of a program as it may appear in a message: on one line, at most 1 KiB, without the values that it was configured with, however
 * it spells them. Values of fewer than four characters and plain switches stay: taking them out would only garble the text.
 */
export function redact(text: string, secrets: readonly string[]): string {
  return createRedactor(secrets).text(text, longest).trim().replaceAll('\n', '\\n');
}
