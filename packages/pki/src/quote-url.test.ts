import { describe, expect, it } from 'vitest';
import { quoteUrl } from './quote-url.js';

describe('quoteUrl', () => {
  it.each([
    ['http://user:word@ca.test/a', '"http://ca.test/a"'],
    ['http:user:word@ca.test/a', '"http://ca.test/a"'],
    ['ldap://user:word@ca.test/a', '"ldap://ca.test/a"'],
    ['user:word@ca.test', '"…@ca.test"'],
    ['http://user:wo/rd@ca.test', '"…@ca.test"'],
    ['//user:word@ca.test', '"…@ca.test"'],
    ['http://ca.test/a@b', '"http://ca.test/a@b"'],
    ['no URL', '"no URL"'],
  ])('%s', (text, quoted) => expect(quoteUrl(text)).toBe(quoted));
});
