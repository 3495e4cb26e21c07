import { endOfTurn } from '#platform';

let turn: Promise<void> | undefined;

/**
 * Waits until what has arrived on the sockets by now was read, which is one turn of the event loop. What arrivals give rise to is then
 * sent together, after the last of them: sent one by one, each wakes a peer that has gone to sleep since the one before, and that costs
 * as much as the rest of a small message.
 */
export function afterArrivals(): Promise<void> {
  turn ??= endOfTurn().then(() => {
    turn = undefined;
  });
  return turn;
}
