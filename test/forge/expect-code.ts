import { isCodedError } from '@notarykit/common';
import { expect } from 'vitest';

/** The code that work fails with; `ok` when it succeeds. Anything but a coded error fails the test. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'ok';
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return error.code;
  }
}

/** Expects work to fail with a code. */
export async function expectCode(work: () => unknown, code: string, name = code): Promise<void> {
  expect(await codeOf(work), name).toBe(code);
}
