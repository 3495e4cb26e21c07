import { createRandom } from './dockerfiles.js';

/** Choices from a seed. */
export interface Choices {
  one<T>(items: readonly T[]): T;
  some<T>(items: readonly T[], most: number): readonly T[];
  chance(probability: number): boolean;
  below(limit: number): number;
}

/** Chooses from a seed: a failure names its seed, and the same seed chooses the same. */
export function createChoices(seed: number): Choices {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const one = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  return {
    one,
    some: (items, most) => Array.from({ length: below(most + 1) }, () => one(items)),
    chance: (probability) => random() < probability,
    below,
  };
}
