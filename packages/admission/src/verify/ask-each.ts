import { createLimiter, untilAborted } from '@notarykit/common/internal';
import { type Image, imageKey } from '../images/image.js';
import type { ImageContext, ImageVerdict, VerifyImage } from '../verdict.js';
import { verdictOf } from './verdict-of.js';

/**
 * Asks a verifier about the images of one request: about each distinct image once, and a few at a time. It never rejects: what fails, or
 * is not decided when the signal aborts, is `undecided`.
 */
export function askEach(
  verify: VerifyImage,
  context: ImageContext,
  concurrency = 8,
): (image: Image) => Promise<ImageVerdict> {
  const limit = createLimiter(concurrency);
  const verdicts = new Map<string, Promise<ImageVerdict>>();
  return (image) => {
    const key = imageKey(image);
    const verdict = verdicts.get(key) ?? limit(() => ask(verify, image, context));
    verdicts.set(key, verdict);
    return verdict;
  };
}

async function ask(verify: VerifyImage, image: Image, context: ImageContext): Promise<ImageVerdict> {
  const { signal } = context;
  try {
    signal?.throwIfAborted();
    return await untilAborted(verify(image, context), signal);
  } catch (error) {
    if (signal?.aborted !== true) return verdictOf(error);
    return { verdict: 'undecided', code: 'DEADLINE', message: 'the time for this request ran out' };
  }
}
