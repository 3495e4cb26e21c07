const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** A number of bytes for people, in steps of a thousand: `12.5 MB`. */
export function sizeOf(bytes: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${step === 0 ? Math.round(bytes) : (bytes / 1000 ** step).toFixed(1)} ${units[step]}`;
}

/**
 * Says how much was moved and how fast on the whole: `12.5 MB, 3.1 MB/s`. The time runs from the first call; where none has passed,
 * no rate is given.
 */
export function rateMeter(now: () => number = () => performance.now()): (done: number) => string {
  let began: { readonly at: number; readonly done: number } | undefined;
  return (done) => {
    began ??= { at: now(), done };
    const seconds = (now() - began.at) / 1000;
    return seconds <= 0 ? sizeOf(done) : `${sizeOf(done)}, ${sizeOf((done - began.done) / seconds)}/s`;
  };
}
