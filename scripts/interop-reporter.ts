import { type SetCount, SetReporter } from './set-reporter.ts';

/** `<pairing>: ok | failed` for every pairing with a real peer. */
export default class InteropReporter extends SetReporter {
  override lines(sets: Map<string, SetCount>): string[] {
    return [...sets].map(([name, { passed, total }]) => `${name}: ${total > 0 && passed === total ? 'ok' : 'failed'}`);
  }
}
