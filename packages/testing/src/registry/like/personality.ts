import type { RegistryAbilities } from '../abilities.js';
import type { EmbeddedRegistryOptions } from '../options.js';
import { personalities, type Quirk, type Twist } from './quirk.js';
import { registryQuirks } from './table.js';

/** The quirks of the registry that options want, those left out that are switched off. */
function quirksOf({ like, without = [] }: EmbeddedRegistryOptions): readonly Quirk[] {
  if (like === undefined) return [];
  if (!(personalities as readonly string[]).includes(like))
    throw new TypeError(`like: expected one of ${personalities.join(', ')}, found ${String(like)}`);
  const quirks: readonly Quirk[] = registryQuirks;
  return quirks.filter(({ name, seen }) => seen[like] !== undefined && !without.includes(name));
}

/** What stands between the clients and a registry, the first nearest to them. */
export function twistsOf(options: EmbeddedRegistryOptions): readonly Twist[] {
  return quirksOf(options).flatMap(({ twist }) => (twist === undefined ? [] : [twist()]));
}

/** The abilities of the registry that options want. */
export function abilitiesLike(options: EmbeddedRegistryOptions): Partial<RegistryAbilities> {
  return Object.assign({}, ...quirksOf(options).map(({ abilities = {} }) => abilities));
}
