import { expect, test } from 'vitest';
import { addressKind } from './addresses.js';

test.each([
  ['127.0.0.1', 'loopback'],
  ['0.0.0.0', 'loopback'],
  ['localhost', 'loopback'],
  ['a.localhost.', 'loopback'],
  ['[::1]', 'loopback'],
  ['::', 'loopback'],
  ['[::ffff:7f00:1]', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['64:ff9b::7f00:1', 'loopback'],
  ['2002:7f00:1::', 'loopback'],
  ['169.254.169.254', 'linkLocal'],
  ['168.63.129.16', 'linkLocal'],
  ['100.100.100.200', 'linkLocal'],
  ['fe80::1%eth0', 'linkLocal'],
  ['fd00:ec2::254', 'linkLocal'],
  ['[::ffff:a9fe:a9fe]', 'linkLocal'],
  ['10.1.2.3', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.0.1', 'private'],
  ['100.64.0.1', 'private'],
  ['fd12::1', 'private'],
  ['224.0.0.1', 'reserved'],
  ['255.255.255.255', 'reserved'],
  ['ff02::1', 'reserved'],
  ['172.32.0.1', 'public'],
  ['8.8.8.8', 'public'],
  ['2001:4860:4860::8888', 'public'],
  ['example.com', undefined],
  ['1.2.3', undefined],
  ['::1::', undefined],
  ['', undefined],
])('%s is %s', (host, kind) => {
  expect(addressKind(host)).toBe(kind);
});
