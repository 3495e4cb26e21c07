import type { ClosingTimes } from '@notarykit/common/internal/node';
import { type Handle, type Listener, type ListenerOptions, listen } from './listen.js';

/** Listeners of one server that can be closed together. */
export interface Listeners {
  listen(options?: ListenerOptions): Promise<Listener>;
  closeAll(times?: ClosingTimes): Promise<void>;
}

export function createListeners(handle: Handle): Listeners {
  const open = new Set<Listener>();
  return {
    async listen(options) {
      const listener = await listen(handle, options);
      open.add(listener);
      return {
        ...listener,
        close: (times) => {
          open.delete(listener);
          return listener.close(times);
        },
      };
    },
    async closeAll(times) {
      const all = [...open];
      open.clear();
      await Promise.all(all.map((listener) => listener.close(times)));
    },
  };
}
