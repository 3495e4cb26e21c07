import { createLimiter, untilAborted } from '@notarykit/common';
import { type Image, imageKey } from '../images/image.js';
import type { ImageVerdict, VerifyImage } from '../review/verdict.js';
import { verdictOf } from '../verify/verdict-of.js';
import { resultOf, type VerificationResult } from './answer.js';

/** Each distinct image once, a few at a time. */
export async function findAll(
  images: readonly Image[],
  verify: VerifyImage,
  { signal, explained }: { readonly signal: AbortSignal; readonly explained: boolean },
): Promise<readonly VerificationResult[]> {
  const limit = createLimiter(8);
  const found = new Map<string, Promise<ImageVerdict>>();
  return Promise.all(
    images.map(async (image) => {
      const key = imageKey(image);
      const verdict = found.get(key) ?? limit(() => find(image, verify, signal));
      found.set(key, verdict);
      return resultOf(image.written, await verdict, explained);
    }),
  );
}

async function find(image: Image, verify: VerifyImage, signal: AbortSignal): Promise<ImageVerdict> {
  try {
    signal.throwIfAborted();
    return await untilAborted(verify(image, { dryRun: false, signal }), signal);
  } catch (error) {
    if (!signal.aborted) return verdictOf(error);
    return { outcome: 'undecided', code: 'DEADLINE', message: 'the time for this request ran out' };
  }
}
