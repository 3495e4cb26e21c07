/**
 * How long Google asks to wait, in milliseconds: `google.rpc.RetryInfo` among the details of a status. The client decodes its duration as
 * seconds and nanoseconds; in JSON it is a text such as `7.5s`.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
 */
export function retryInfoMs(details: unknown): number | undefined {
  if (!Array.isArray(details)) return undefined;
  for (const detail of details as readonly unknown[]) {
    const { retryDelay } = (detail ?? {}) as { readonly retryDelay?: unknown };
    const ms = durationMs(retryDelay);
    if (ms !== undefined) return ms;
  }
  return undefined;
}

function durationMs(duration: unknown): number | undefined {
  if (typeof duration === 'string')
    return /^\d{1,9}(?:\.\d{1,9})?s$/.test(duration) ? Number(duration.slice(0, -1)) * 1000 : undefined;
  if (typeof duration !== 'object' || duration === null) return undefined;
  const { seconds = 0, nanos = 0 } = duration as { readonly seconds?: unknown; readonly nanos?: unknown };
  const ms = Number(seconds) * 1000 + Number(nanos) / 1e6;
  return ms >= 0 ? ms : undefined;
}
