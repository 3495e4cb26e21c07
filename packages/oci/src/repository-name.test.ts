import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalRepository } from './repository-name.js';

const rows: readonly (readonly [name: string, canonical: string])[] = [
  ['registry.io/a', 'registry.io/a'],
  ['REGISTRY.io/a', 'registry.io/a'],
  ['registry.io:443/a', 'registry.io/a'],
  ['registry.io:80/a', 'registry.io/a'],
  ['registry.io:0443/a', 'registry.io/a'],
  ['registry.io:5000/a', 'registry.io:5000/a'],
  ['registry.io:05000/a', 'registry.io:5000/a'],
  ['localhost:5000/a/b', 'localhost:5000/a/b'],
  ['0x7f.1:5000/a', '127.0.0.1:5000/a'],
  ['[::1]:443/a', '[::1]/a'],
  ['[0:0:0:0:0:0:0:1]:5000/a', '[::1]:5000/a'],
  ['docker.io/nginx', 'docker.io/library/nginx'],
  ['index.docker.io/nginx', 'docker.io/library/nginx'],
  ['registry-1.docker.io/library/nginx', 'docker.io/library/nginx'],
  ['registry.hub.docker.com/nginx', 'docker.io/library/nginx'],
  ['Index.Docker.io:443/wabbit/net-monitor', 'docker.io/wabbit/net-monitor'],
  ['docker.io:80/nginx', 'docker.io/library/nginx'],
  // Another repository, not a spelling of the same one.
  ['docker.io:5000/nginx', 'docker.io:5000/nginx'],
  ['registry.io/Library', 'registry.io/Library'],
  ['registry.io:4430/a', 'registry.io:4430/a'],
  // No request can reach these; calling it twice changes nothing all the same.
  ['my_registry:443/a', 'my_registry/a'],
  ['-::443/a', '-::443/a'],
  ['a:0443:443/a', 'a:0443:443/a'],
  // Without a host: layouts on disk.
  ['layout', 'layout'],
  ['/some/folder', '/some/folder'],
  ['', ''],
];

describe('canonicalRepository', () => {
  it.each(rows)('%s is %s', (name, canonical) => {
    expect(canonicalRepository(name)).toBe(canonical);
    expect(canonicalRepository(canonical)).toBe(canonical);
  });

  it('does not change a canonical name', () => {
    const host = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.string(),
    );
    const port = fc.oneof(fc.constant(''), fc.constantFrom(':443', ':80', ':0080', ':5000'));
    fc.assert(
      fc.property(host, port, fc.string(), (domain, number, path) => {
        const once = canonicalRepository(`${domain}${number}/${path}`);
        expect(canonicalRepository(once)).toBe(once);
      }),
    );
  });
});
