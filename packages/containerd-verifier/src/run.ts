import { type Logger, withDeadline } from '@notarykit/common/internal';
import { answerOf, failureOf, type VerifierAnswer } from './answer.js';
import { readPullRequest } from './request/pull-request.js';
import { checkWriters } from './settings/check-writers.js';
import { readSettings } from './settings/settings.js';

/** What the verifier is run with. */
export interface RunVerifierOptions {
  /** The command line, without the program. */
  readonly words: readonly string[];
  /** The standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** The folder of policy, stores and settings. Default {@link usualFolder}. */
  readonly folder?: string;
  /** Gets warnings that do not change the verdict. */
  readonly logger?: Logger;
}

/** Where policy, stores and settings are, unless the environment names another folder. */
export const usualFolder = '/etc/notarykit/containerd-verifier';

/**
 * Judges one image for containerd's image verifier plugin `bindir`. It never throws, and its exit code is zero only for an image that
 * may be pulled.
 *
 * @see https://github.com/containerd/containerd/blob/main/docs/image-verification.md
 *
 * @example
 * ```ts
 * const { exitCode, reason } = await runVerifier({ words: process.argv.slice(2), input: process.stdin });
 * ```
 */
export async function runVerifier({
  words,
  input,
  folder = usualFolder,
  logger = {},
}: RunVerifierOptions): Promise<VerifierAnswer> {
  let timeoutMs = 0;
  try {
    // A user who can write the folder can change the settings, so this is checked first.
    await checkWriters(folder);
    const settings = await readSettings(folder);
    ({ timeoutMs } = settings);
    return await withDeadline(timeoutMs, undefined, async (signal) => {
      const pull = await readPullRequest(words, input);
      const { judge } = await import('./judge/judge.js');
      return answerOf(await judge(pull, settings, { signal, logger }), pull, settings);
    });
  } catch (error) {
    return failureOf(error, timeoutMs);
  }
}
