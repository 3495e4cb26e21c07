import { parseImage } from '@notarykit/admission/internal';
import { createRedactor, decodeBase64, parseJson, parseTime, utf8 } from '@notarykit/common';
import { decodeBase64Url } from '@notarykit/common/internal';
import { parseReference } from '@notarykit/oci';
import { parseImageName } from '@notarykit/oci/internal';
import { parsePem } from '@notarykit/pki';
import { parseBaseImages } from 'notarykit';
import { parseChallenges } from '../../../packages/registry-client/src/auth/challenge.js';
import { parseErrorBody } from '../../../packages/registry-client/src/http/error-body.js';
import { nextLink } from '../../../packages/registry-client/src/http/link.js';
import { parseWarnings } from '../../../packages/registry-client/src/http/warning.js';
import { parseDockerConfig } from '../../../packages/registry-client/src/node/credentials/docker-config.js';
import { chooseProxy } from '../../../packages/transport/src/proxy-choice.node.js';
import { many, reader } from './reader.js';

const json = {
  deep: (n: number) => '['.repeat(n) + ']'.repeat(n),
  'deep objects': (n: number) => `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`,
  wide: (n: number) => `[${many(n, String, ',')}]`,
  'many members': (n: number) => `{${many(n, (i) => `"a${i}":${i}`, ',')}}`,
  'names that begin alike': (n: number) => `{${many(n, (i) => `"${'a'.repeat(50)}${i}":0`, ',')}}`,
  'names that differ by case': (n: number) => `{${many(n, (i) => `"${i % 2 ? 'a' : 'A'}${i}":0`, ',')}}`,
  'objects in objects': (n: number) => `[${many(n, (i) => `{"a":{"b":[${i}]}}`, ',')}]`,
  'a long text': (n: number) => `"${'a'.repeat(n)}"`,
  escapes: (n: number) => `"${'\\u00e4\\n'.repeat(n)}"`,
  surrogates: (n: number) => `"${'\\ud83d'.repeat(n)}"`,
  'a long number': (n: number) => '1'.repeat(n),
  'an exponent': (n: number) => `1e${'0'.repeat(n)}1`,
  blanks: (n: number) => ' '.repeat(n),
  'no end': (n: number) => `{"a":[${'"b",'.repeat(n)}`,
};

const base64 = { good: (n: number) => 'QUJD'.repeat(n), 'near miss': (n: number) => `${'QUJD'.repeat(n)}QUI*` };

const dockerfile = {
  stages: (n: number) => many(n, (i) => `FROM a:${i} AS s${i}`, '\n'),
  'stages upon each other': (n: number) => `FROM a AS s0\n${many(n, (i) => `FROM s${i} AS s${i + 1}`, '\n')}`,
  triggers: (n: number) => `FROM a AS s\n${'ONBUILD COPY --from=b / /\n'.repeat(n / 2)}${'FROM s\n'.repeat(n / 2)}`,
  'stages of one name': (n: number) => `${'FROM a AS s\n'.repeat(n / 2)}${'FROM s\n'.repeat(n / 2)}`,
  copies: (n: number) => `FROM a AS a\nFROM b\n${many(n, () => 'COPY --from=a /x /y', '\n')}`,
  'one copy from each': (n: number) =>
    `${many(n, (i) => `FROM a:${i} AS s${i}`, '\n')}\n${many(n, (i) => `COPY --from=s${i} / /`, '\n')}`,
  arguments: (n: number) => `${many(n, (i) => `ARG A${i}=\${A${i - 1}}`, '\n')}\nFROM a:$A1`,
  'a long line': (n: number) => `FROM a\nRUN ${'x '.repeat(n)}`,
  continuations: (n: number) => `FROM a\nRUN x ${'\\\n'.repeat(n)}`,
  'blank continuations': (n: number) => `FROM a\nRUN x ${'\\\n\n#c\n'.repeat(n)}y`,
  heredocs: (n: number) => `FROM a\n${many(n, (i) => `RUN <<E${i}\nx\nE${i}`, '\n')}`,
  'heredocs of one line': (n: number) =>
    `FROM a\nRUN ${many(n, (i) => `<<E${i}`, ' ')}\n${many(n, (i) => `E${i}`, '\n')}`,
  'a heredoc without an end': (n: number) => `FROM a\nRUN <<E\n${'x\n'.repeat(n)}`,
  mounts: (n: number) => `FROM a\nRUN ${'--mount=type=bind,from=b '.repeat(n)} x`,
  'fields of a mount': (n: number) => `FROM a\nRUN --mount=${'a=b,'.repeat(n)}from=c x`,
  braces: (n: number) => `ARG A\nFROM a:${'${A:-'.repeat(n)}${'}'.repeat(n)}`,
  quotes: (n: number) => `FROM "${'\\"'.repeat(n)}"`,
  directives: (n: number) => `${'# a=b\n'.repeat(n)}FROM a`,
  flags: (n: number) => `FROM ${'--a\\b '.repeat(n)}a`,
};

const headers = {
  quotes: (n: number) => '"\\'.repeat(n),
  commas: (n: number) => ', '.repeat(n),
  equals: (n: number) => 'a="b",'.repeat(n),
};

export const textReaders = [
  reader('JSON', (text: string) => parseJson(text, { maxDepth: 10_000 }), json, 400),
  reader('base64', decodeBase64, base64),
  reader('base64url', decodeBase64Url, base64),
  reader('a time', parseTime, {
    digits: (n: number) => `2026-01-01T00:00:00.${'1'.repeat(n)}Z`,
    blanks: (n: number) => ' '.repeat(n),
  }),
  reader('PEM', (text: string) => parsePem(text), {
    blocks: (n: number) => '-----BEGIN A-----\nQUJD\n-----END A-----\n'.repeat(n),
    'begins without ends': (n: number) => '-----BEGIN A-----\n'.repeat(n),
    'other ends': (n: number) => many(n, (i) => `-----BEGIN A-----\nQUJD\n-----END ${i}-----\n`),
    'a long block': (n: number) => `-----BEGIN A-----\n${'QUJD\n'.repeat(n)}-----END A-----\n`,
    dashes: (n: number) => '-'.repeat(n),
    'text between': (n: number) => 'Bag Attributes\n  a: b\n'.repeat(n),
  }),
  reader('a name of an image', parseImageName, {
    parts: (n: number) => 'a/'.repeat(n),
    dashes: (n: number) => `a${'-'.repeat(n)}`,
    dots: (n: number) => `${'a.'.repeat(n)}/b`,
  }),
  reader('a reference', parseReference, {
    parts: (n: number) => `r.test/${'a/'.repeat(n)}b:v1`,
    separators: (n: number) => `r.test/a${'_'.repeat(n)}`,
    colons: (n: number) => `r.test/a${':v'.repeat(n)}`,
  }),
  reader('an image of a pod', parseImage, {
    parts: (n: number) => 'a/'.repeat(n),
    separators: (n: number) => `a${'__'.repeat(n)}b`,
  }),
  reader('a Dockerfile', (text: string) => parseBaseImages(text), dockerfile),
  reader('a Link header', nextLink, {
    ...headers,
    links: (n: number) => '<a>; rel="x", '.repeat(n),
    parameters: (n: number) => `<a>${'; a="b"'.repeat(n)}`,
    blanks: (n: number) => `<a>${' '.repeat(n)}x`,
  }),
  reader('challenges', parseChallenges, {
    ...headers,
    schemes: (n: number) => 'Basic a=b, '.repeat(n),
    blanks: (n: number) => `Basic${' '.repeat(n)}x`,
  }),
  reader(
    'warnings',
    parseWarnings,
    {
      ...headers,
      warnings: (n: number) => '299 - "a", '.repeat(n),
      escapes: (n: number) => `299 - "${'\\"'.repeat(n)}`,
    },
    80,
  ),
  reader('an error body', (text: string) => parseErrorBody(utf8(text)), {
    errors: (n: number) => `{"errors":[${many(n, () => '{"code":"X","detail":[1]}', ',')}]}`,
  }),
  reader("docker's file", (text: string) => parseDockerConfig(utf8(text), 'it').entry('reg.test'), {
    keys: (n: number) => `{"auths":{${many(n, (i) => `"https://reg${i}.test/v1/":{"auth":"YTpi"}`, ',')}}}`,
    'keys of one host': (n: number) =>
      `{"auths":{${many(n, (i) => `"https://reg.test/v${i}/":{"auth":"YTpi"}`, ',')}}}`,
    'a long auth': (n: number) => `{"auths":{"reg.test":{"auth":"${'YTpi\\n'.repeat(n)}"}}}`,
    'a key of slashes': (n: number) => `{"auths":{"${'/'.repeat(n)}":{}}}`,
  }),
  reader(
    'NO_PROXY',
    (text: string) => chooseProxy(new URL('http://a.test'), { proxy: 'env' }, { http_proxy: 'p.test', no_proxy: text }),
    {
      entries: (n: number) => many(n, (i) => `a${i}.test`, ','),
      'a long entry': (n: number) => 'a.'.repeat(n),
      blocks: (n: number) => many(n, (i) => `2001:db8::${i.toString(16)}/128`, ','),
    },
  ),
  reader(
    'what may hold a secret',
    (text: string) => createRedactor(['abababab-secret', 'aaaa\naaaab']).text(text),
    {
      beginnings: (n: number) => 'abababa'.repeat(n),
      escapes: (n: number) => '\\\\'.repeat(n),
      'percent signs': (n: number) => '%25'.repeat(n),
      base64: (n: number) => 'YWJh'.repeat(n),
      breaks: (n: number) => 'a\n '.repeat(n),
    },
    400,
  ),
];
