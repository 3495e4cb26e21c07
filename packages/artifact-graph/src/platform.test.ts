import { formatPlatform } from '@notarykit/oci/internal';
import { describe, expect, it } from 'vitest';
import { matchesPlatform, normalizePlatform, parsePlatform } from './platform.js';

const spellings: readonly (readonly [given: string, normal: string])[] = [
  ['linux/amd64', 'linux/amd64'],
  ['Linux/AMD64', 'linux/amd64'],
  ['linux/x86_64', 'linux/amd64'],
  ['linux/x86-64', 'linux/amd64'],
  ['linux/amd64/v1', 'linux/amd64'],
  ['linux/amd64/v3', 'linux/amd64/v3'],
  ['linux/i386', 'linux/386'],
  ['linux/aarch64', 'linux/arm64'],
  ['linux/arm64/v8', 'linux/arm64'],
  ['linux/arm64/8', 'linux/arm64'],
  ['linux/arm64/v9', 'linux/arm64/v9'],
  ['linux/arm', 'linux/arm/v7'],
  ['linux/arm/7', 'linux/arm/v7'],
  ['linux/arm/v6', 'linux/arm/v6'],
  ['linux/arm/5', 'linux/arm/v5'],
  ['linux/armhf', 'linux/arm/v7'],
  ['linux/armel', 'linux/arm/v6'],
  ['macOS/arm64', 'darwin/arm64'],
  ['linux/s390x', 'linux/s390x'],
  ['linux/riscv64/rva22', 'linux/riscv64/rva22'],
  ['linux/constructor', 'linux/constructor'],
];

describe('normalizePlatform', () => {
  it.each(spellings)('%s is %s', (given, normal) => {
    expect(formatPlatform(parsePlatform(given))).toBe(normal);
    const once = normalizePlatform(parsePlatform(given));
    expect(normalizePlatform(once)).toEqual(once);
  });

  it('keeps version and features', () => {
    const platform = { os: 'windows', architecture: 'x86_64', 'os.version': '10.0.1', 'os.features': ['win32k'] };
    expect(normalizePlatform(platform)).toEqual({ ...platform, architecture: 'amd64' });
  });
});

describe('matchesPlatform', () => {
  it.each([
    ['linux/arm64/v8', 'linux/arm64', true],
    ['linux/arm64', 'linux/arm64/v8', true],
    ['linux/arm/v6', 'linux/arm', true],
    ['linux/arm', 'linux/arm/v7', false],
    ['linux/arm/v6', 'linux/arm/v7', false],
    ['linux/armhf', 'linux/arm/v7', true],
    ['linux/amd64', 'linux/arm64', false],
  ])('an entry for %s, asked for %s: %s', (entry, wanted, matches) => {
    expect(matchesPlatform(parsePlatform(entry), parsePlatform(wanted))).toBe(matches);
  });
});
