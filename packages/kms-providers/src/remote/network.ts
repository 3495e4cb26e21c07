/** Whether an error code of the platform says that the service was not reached, or gone before it answered. */
export function isNetworkFailure(code: unknown): boolean {
  return typeof code === 'string' && /^(ECONN|ENOTFOUND|EAI_|EPIPE|EHOSTUNREACH|ENETUNREACH|UND_ERR_)/.test(code);
}
