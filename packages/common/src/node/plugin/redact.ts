const longest = 1024;

/**
 * Text of a program as it may stand in a message: on one line, at most 1 KiB, without the values that it was configured with.
 * Values of fewer than four characters and plain switches stay: taking them out would only garble the text.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const hidden = secrets
    .filter((secret) => secret.length > 3 && secret !== 'true' && secret !== 'false')
    .sort((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  const short = hidden.length > longest ? `${hidden.slice(0, longest - 1)}…` : hidden;
  return short.trim().replaceAll('\n', '\\n');
}
