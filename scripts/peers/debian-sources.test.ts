import { expect, test } from 'vitest';
import { sourceOfSuite } from './debian-sources.mjs';

const stanzas = `# https://old.mirror.test/debian
Types: deb
URIs: https://tools.test/apt
Suites: bookworm
Components: main

Types: deb deb-src
# a comment in between
URIs: https://first.mirror.test/debian
 http://mirror.test:8080/debian/
suites: bookworm bookworm-updates
Components: main contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
Trusted: yes
`;

test('deb822: the stanza that names the archive keeps its options and gets the suite', () => {
  const files = [{ name: '/etc/apt/sources.list.d/debian.sources', text: stanzas }];
  expect(sourceOfSuite(files, 'http://mirror.test:8080/debian', 'sid')).toEqual({
    name: 'suite.sources',
    text: `Types: deb
Suites: sid
Components: main
URIs: https://first.mirror.test/debian
 http://mirror.test:8080/debian/
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
Trusted: yes
`,
  });
});

test('one line: options in brackets are kept, comments and sources of source code are passed over', () => {
  const text = `# deb http://mirror.test/debian bookworm main
deb-src http://mirror.test/debian bookworm main
deb https://tools.test/apt bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] http://mirror.test/debian/ bookworm main contrib # ours
`;
  const files = [
    { name: '/etc/apt/sources.list.d/debian.sources', text: '' },
    { name: '/etc/apt/sources.list', text },
  ];
  expect(sourceOfSuite(files, 'http://mirror.test/debian', 'sid')).toEqual({
    name: 'suite.list',
    text: 'deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] http://mirror.test/debian/ sid main\n',
  });
  expect(sourceOfSuite(files, 'https://tools.test/apt/', 'sid').text).toBe('deb https://tools.test/apt sid main\n');
});

test('an archive that no source names is an error', () => {
  expect(() =>
    sourceOfSuite([{ name: 'a.list', text: 'deb http://a.test/debian x main\n' }], 'http://b.test', 'sid'),
  ).toThrow('no apt source names http://b.test');
});
