import type { RegistryAbilities } from '../abilities.js';
import type { Answer, RegistryRequest } from '../http/exchange.js';

/** Registries of the field that the embedded one can behave like. */
export const personalities = [
  'acr',
  'artifactory',
  'distribution-2',
  'distribution-3',
  'docker-hub',
  'ecr',
  'ghcr',
  'gitlab',
  'harbor-2.8',
  'harbor-2.9',
  'harbor-2.10',
  'harbor-2.11',
  'harbor-2.12',
  'harbor-2.13',
  'jfrog',
  'quay',
  'zot',
] as const;

/** One of {@link personalities}. */
export type Personality = (typeof personalities)[number];

/** The names of all quirks: what {@link Quirk.name} may be, and what can be switched off. */
export const quirkNames = [
  'expired-is-forbidden',
  'cookies-are-sessions',
  'last-scope-only',
  'pull-limit',
  'no-referrers-api',
  'referrers-are-a-web-page',
  'subject-header-without-api',
  'subject-must-exist',
  'dash-is-digest',
  'listed-by-config',
  'known-configs-only',
  'no-docker-in-index',
  'pages-of-100-tags',
  'immutable-is-400',
  'immutable-is-412',
  'patch-is-created',
  'range-stands-still',
  'chunk-again-ends-upload',
  'patch-only',
  'mount-needs-from',
  'no-deletion',
  'no-tag-deletion',
  'listed-manifests-stay',
  'no-tag-parameters',
] as const;

/** The name of a quirk. */
export type QuirkName = (typeof quirkNames)[number];

/** Where a behaviour is documented publicly. */
export interface QuirkSource {
  readonly url: string;
  /** Of the report or document; of code the day on which it was read. A registry may have changed since. */
  readonly date: string;
}

/** Asks the registry without this quirk; the request may be another one. */
export type Serve = (request: RegistryRequest) => Promise<Answer>;

/** Stands between a client and the registry: changes what is asked, or what is answered. */
export type Twist = (request: RegistryRequest, serve: Serve) => Promise<Answer>;

/** One behaviour in which registries of the field differ. */
export interface Quirk {
  readonly name: QuirkName;
  /** What the registry does, in a sentence. */
  readonly does: string;
  readonly seen: Readonly<Partial<Record<Personality, QuirkSource>>>;
  /** Abilities that make it; options of the caller hold over them. */
  readonly abilities?: Partial<RegistryAbilities>;
  /** Made anew for each registry: what it remembers is that registry's alone. */
  readonly twist?: () => Twist;
}
