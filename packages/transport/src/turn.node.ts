import { setImmediate } from 'node:timers';

let turn: Promise<void> | undefined;

/**
 * Waits until what has arrived on the sockets by now was read, which is one turn of the event loop. Requests that answers give rise to
 * are then sent together, after the last of those answers: sent one by one, each wakes a server that has gone to sleep since the one
 * before, and that costs as much as the rest of a small request.
 */
export function afterArrivals(): Promise<void> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined;
      resolve();
    });
  });
  return turn;
}
