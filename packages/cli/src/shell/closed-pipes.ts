import { exitCodes } from './exit-codes.js';

/** A stream whose failures are events, and a process whose exit code can be set. */
interface Ending {
  readonly stdout: Pick<NodeJS.WriteStream, 'on'>;
  readonly stderr: Pick<NodeJS.WriteStream, 'on'>;
  exitCode?: typeof process.exitCode;
}

/**
 * The reader of the output may be gone, as in `notarykit list … | head -1`: the work goes on, and the exit code is that of the
 * work. Output that cannot be written for another reason, such as a full disk, is work that could not be done.
 */
export function toleratesClosedPipes(ending: Ending): void {
  for (const stream of [ending.stdout, ending.stderr])
    stream.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE') ending.exitCode = exitCodes.failed;
    });
}
