import { CodedError } from '@notarykit/common/internal';

/** The program was ended before it was done. */
class Interruption extends CodedError<'ERR_INTERRUPTED'> {}

/** A process that can get signals. */
type Interruptible = Pick<typeof process, 'once'>;

/** Aborts at the first Ctrl+C or SIGTERM. A second one ends the process at once, as it does without a listener. */
export function interruptionOf(program: Interruptible): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    program.once(name, () => controller.abort(new Interruption('ERR_INTERRUPTED', `interrupted by ${name}`)));
  return controller.signal;
}
