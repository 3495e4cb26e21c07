import type { FileOutcome } from './read-folder.mjs';
export class Summary {
  add(outcome: FileOutcome): void;
  lines(most: number): Iterable<string>;
}
