import type { Pkcs11Js } from './library.js';

/**
 * Keeps a library from being finalised under work: a native call that is under way in a thread then reads memory that is gone, and the
 * process dies. A caller that gives up waiting does not end the call.
 */
export interface LibraryGate {
  /** Work with the library; it waits while the library is being finalised. */
  work<T>(task: () => Promise<T>): Promise<T>;
  /** Runs when all work has ended, and before any other begins. */
  alone(task: () => void): Promise<void>;
}

/** Finalising concerns every signer of the process that has the library. */
const gates = new WeakMap<object, Map<string, LibraryGate>>();
const ofThePackage = {};

/** The gate of a library, one for all of this process. */
export function gateOf(path: string, pkcs11js: Pkcs11Js | undefined): LibraryGate {
  const owner = pkcs11js ?? ofThePackage;
  const known = gates.get(owner) ?? new Map<string, LibraryGate>();
  gates.set(owner, known);
  const gate = known.get(path) ?? createGate();
  known.set(path, gate);
  return gate;
}

function createGate(): LibraryGate {
  const running = new Set<Promise<unknown>>();
  let closed: Promise<void> | undefined;
  return {
    async work(task) {
      while (closed !== undefined) await closed;
      const work = task();
      running.add(work);
      try {
        return await work;
      } finally {
        running.delete(work);
      }
    },
    async alone(task) {
      while (closed !== undefined) await closed;
      closed = Promise.allSettled(running).then(task);
      await closed.finally(() => {
        closed = undefined;
      });
    },
  };
}
