// The checklist of threats: how many of each kind there are, and which must have a guard row besides a named test.

/** Kind, how many, and whether each needs a row in a table of guards. */
export const kinds = [
  { letter: 'J', count: 23, guarded: true, about: 'JSON and JWS envelope' },
  { letter: 'CB', count: 15, guarded: true, about: 'CBOR and COSE envelope' },
  { letter: 'A', count: 20, guarded: true, about: 'ASN.1 and certificates' },
  { letter: 'P', count: 15, guarded: true, about: 'payload, descriptor, signature manifest' },
  { letter: 'T', count: 8, guarded: true, about: 'time' },
  { letter: 'S', count: 14, guarded: true, about: 'timestamp tokens' },
  { letter: 'R', count: 21, guarded: true, about: 'revocation' },
  { letter: 'I', count: 19, guarded: true, about: 'trust policy, identities, trust store' },
  { letter: 'H', count: 18, guarded: false, about: 'registry client' },
  { letter: 'L', count: 11, guarded: false, about: 'copy, layout, archives' },
  { letter: 'K', count: 10, guarded: false, about: 'signers, key services, plugins' },
  { letter: 'G', count: 7, guarded: false, about: 'gate' },
  { letter: 'X', count: 7, guarded: false, about: 'runtime and package' },
];

/** What has no row of its own, and why. */
export const withoutRow = {};

/** Every id, in the order of the checklist. */
export const threatIds = kinds.flatMap(({ letter, count }) =>
  Array.from({ length: count }, (_, i) => `${letter}${i + 1}`),
);

/** The ids that need a row. */
export const guardedIds = kinds
  .filter(({ guarded }) => guarded)
  .flatMap(({ letter, count }) => Array.from({ length: count }, (_, i) => `${letter}${i + 1}`));
