import type { Repository } from '@notarykit/oci/internal';
import type { Terminal } from './terminal.js';

/** A repository that shows each of its steps, for work that reports no progress itself. */
export function withProgress<R extends Repository>(repository: R, terminal: Terminal): R {
  let steps = 0;
  const telling =
    <Args extends readonly unknown[], T>(what: string, step: (...args: Args) => T) =>
    (...args: Args): T => {
      steps++;
      terminal.progress(`${steps} ${steps === 1 ? 'step' : 'steps'}, ${what} ${repository.name}`);
      return step(...args);
    };
  return {
    ...repository,
    resolve: telling('looking in', repository.resolve),
    fetch: telling('reading from', repository.fetch),
    push: telling('writing to', repository.push),
    referrers: telling('listing', repository.referrers),
  };
}
