/** Fails a case; the message says what the signer does, and how to mend it. */
export function demand(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}

/** What a call ended with. */
export async function outcomeOf(
  work: () => Promise<unknown>,
): Promise<{ readonly error?: unknown; readonly ok: boolean }> {
  try {
    await work();
    return { ok: true };
  } catch (error) {
    return { ok: false, error };
  }
}

/** Whether a call has ended, either way, before the time is over. */
export async function endsWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const ended = await Promise.race([outcomeOf(() => work).then(() => true), late]);
  clearTimeout(timer);
  return ended;
}
