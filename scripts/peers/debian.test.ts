import { expect, test } from 'vitest';
import { ofOneSource } from './debian.mjs';

const records = `Package: tool
Version: 1.2
Description: a tool

Package: libtool
Source: tool
Version: 1.2

Package: tool-common
Source: tool (1.1)
Version: 1.2

Package: libother
Source: other
Version: 3
`;

test('the parts of a program are what is built from its source, whether it is named after it or not', () => {
  expect(ofOneSource(records, 'tool')).toEqual(['tool', 'libtool', 'tool-common']);
  expect(ofOneSource(records, 'libtool')).toEqual(['tool', 'libtool', 'tool-common']);
  expect(ofOneSource(records, 'libother')).toEqual(['libother']);
});
