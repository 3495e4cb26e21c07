import { expect, test } from 'vitest';
import { nearestName } from './near.js';

test.each([
  ['blockPakages', ['blockPackages', 'requirePackages'], 'blockPackages'],
  ['BLOCKPACKAGES', ['blockPackages'], 'blockPackages'],
  ['Id', ['id', 'purl'], 'id'],
  ['ib', ['id', 'purl'], undefined],
  ['criticla', ['critical', 'high'], 'critical'],
  ['formatss', ['formatt', 'formats'], 'formats'],
  ['somethingElse', ['sbom', 'scan'], undefined],
  ['x'.repeat(100_000), ['sbom'], undefined],
  ['', ['sbom'], undefined],
] as const)('%.20s is nearest to %s', (name, known, meant) => expect(nearestName(name, known)).toBe(meant));
