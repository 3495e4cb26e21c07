import { describe, expect, it } from 'vitest';
import { parseGoDuration } from './go-duration.js';
import { keyOfAccount, matchesImage } from './match-image.js';

describe('matchesImage', () => {
  it.each<[pattern: string, image: string, fits: boolean]>([
    ['registry.io', 'registry.io/team/app', true],
    ['registry.io/team', 'registry.io/team/app', true],
    ['registry.io/team', 'registry.io/teams/app', true],
    ['registry.io/team', 'registry.io/other/team', false],
    ['registry.io:8080/team', 'registry.io:8080/team/app', true],
    ['registry.io', 'registry.io:8080/team/app', false],
    ['registry.io:8080', 'registry.io/team/app', false],
    ['*.azurecr.io', 'wabbit.azurecr.io/app', true],
    ['*.azurecr.io', 'a.wabbit.azurecr.io/app', false],
    ['*.azurecr.io', 'azurecr.io/app', false],
    ['*.dkr.ecr.*.amazonaws.com', '123456789012.dkr.ecr.eu-west-1.amazonaws.com/app', true],
    ['*.dkr.ecr.*.amazonaws.com', '123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil/app', false],
    ['app*.k8s.io', 'apples.k8s.io/a', true],
    ['app*.k8s.io', 'k8s.io/a', false],
    ['a*b*c.io', 'aXbYc.io/a', true],
    ['ab*ba.io', 'aba.io/a', false],
    ['k8s.*', 'k8s.io/a', true],
    ['*', 'localhost/a', true],
    ['*', 'k8s.io/a', false],
    ['localhost:5000', 'localhost:5000/a', true],
    ['[::1]:5000', '[::1]:5000/a', true],
    ['', 'k8s.io/a', false],
  ])('%s for %s: %s', (pattern, image, fits) => expect(matchesImage(pattern, image)).toBe(fits));

  it('takes as long as the pattern, whatever it is', () => {
    expect(matchesImage(`${'*a'.repeat(20_000)}.io`, `${'a'.repeat(20_000)}b.io/x`)).toBe(false);
  });
});

describe('keyOfAccount', () => {
  it.each([
    ['https://index.docker.io/v1/', 'index.docker.io'],
    ['http://registry.io/v2/team', 'registry.io/team'],
    ['registry.io/', 'registry.io'],
    ['registry.io/v1', 'registry.io/v1'],
    ['*.registry.io:8080/team', '*.registry.io:8080/team'],
  ])('%s is %s', (key, bare) => expect(keyOfAccount(key)).toBe(bare));
});

describe('parseGoDuration', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['12h', 43_200_000],
    ['5m0s', 300_000],
    ['1h30m0.5s', 5_400_500],
    ['250ms', 250],
  ])('%s', (text, ms) => expect(parseGoDuration(text)).toBe(ms));

  it.each(['', '12', 'h', '-5m', '5 m', '5m ', '1d', 'soon'])('no duration: %j', (text) =>
    expect(parseGoDuration(text)).toBeUndefined(),
  );
});
