import { describe, expect, test } from 'vitest';
import { formatPlatform, normalPlatform, partsOfPlatform } from './platform.js';

describe('platforms in normal form', () => {
  test.for([
    ['linux/x86_64', 'linux/amd64'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/amd64/v2', 'linux/amd64/v2'],
    ['Linux/AArch64', 'linux/arm64'],
    ['linux/arm64/8', 'linux/arm64'],
    ['linux/arm', 'linux/arm/v7'],
    ['linux/arm/7', 'linux/arm/v7'],
    ['linux/armel', 'linux/arm/v6'],
    ['linux/i386', 'linux/386'],
    ['macOS/arm64', 'darwin/arm64'],
    ['amd64', 'unknown'],
    ['', 'unknown'],
  ] as const)('%s is %s', ([text, normal]) => {
    expect(formatPlatform(partsOfPlatform(text))).toBe(normal);
  });

  test('keeps members that are not stated absent', () => {
    expect(normalPlatform({ architecture: 'arm' })).toEqual({ architecture: 'arm' });
    expect(normalPlatform({ os: 'linux' })).toEqual({ os: 'linux' });
    expect(normalPlatform({})).toEqual({});
  });
});
