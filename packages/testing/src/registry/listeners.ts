import { type Handle, type Listener, type ListenOptions, listen } from './listen.js';

/** Listeners of one server that can be closed together. */
export interface Listeners {
  listen(options?: ListenOptions): Promise<Listener>;
  closeAll(): Promise<void>;
}

export function createListeners(handle: Handle): Listeners {
  const open = new Set<Listener>();
  return {
    async listen(options) {
      const listener = await listen(handle, options);
      open.add(listener);
      return {
        ...listener,
        close: () => {
          open.delete(listener);
          return listener.close();
        },
      };
    },
    async closeAll() {
      const all = [...open];
      open.clear();
      await Promise.all(all.map((listener) => listener.close()));
    },
  };
}
