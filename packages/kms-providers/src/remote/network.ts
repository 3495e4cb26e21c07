/** Whether an error code, of the platform or of our transport, says that the service was not reached, or gone before it answered. */
export function isNetworkFailure(code: unknown): boolean {
  return (
    typeof code === 'string' &&
    /^(ECONN|ENOTFOUND|EAI_|EPIPE|EHOSTUNREACH|ENETUNREACH|UND_ERR_|ERR_TRANSPORT_)/.test(code)
  );
}

/**
 * Whether a client says that it could not read an answer: one that was cut, of a proxy, or empty says nothing of the request. The
 * clients have no name for it: the Azure SDK gives a `TypeError` in place of the status for every error without a body.
 */
export function isUnreadable(error: unknown): boolean {
  const { name, code, message } = (error ?? {}) as { name?: unknown; code?: unknown; message?: unknown };
  if (name === 'SyntaxError' || name === 'TypeError' || code === 'PARSE_ERROR') return true;
  return typeof message === 'string' && /^Received null (or malformed )?response/.test(message);
}
