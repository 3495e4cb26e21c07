import { describe, expect, it } from 'vitest';
import { type DockerfileOptions, parseBaseImages } from './images.js';

const names = (text: string, options?: DockerfileOptions): string[] =>
  parseBaseImages(text, options).map(({ reference, unresolved }) => reference ?? `? ${unresolved}`);

describe('parseBaseImages', () => {
  it.each<[string, string, string[], DockerfileOptions?]>([
    ['a familiar name', 'FROM alpine', ['docker.io/library/alpine:latest']],
    ['a user repository', 'FROM wabbit/net:1', ['docker.io/wabbit/net:1']],
    ['a registry with port', 'from localhost:5000/a/b:1', ['localhost:5000/a/b:1']],
    ['scratch is no image', 'FROM scratch\nCOPY a b', []],
    ['an earlier stage', 'FROM golang:1 AS Build\nRUN go\nFROM build', ['docker.io/library/golang:1']],
    [
      'a later stage of that name does not count',
      'FROM build\nFROM alpine AS build',
      ['docker.io/library/build:latest', 'docker.io/library/alpine:latest'],
      { stages: 'all' },
    ],
    ['COPY --from an image', 'FROM scratch\nCOPY --from=nginx:1 /a /b', ['docker.io/library/nginx:1']],
    [
      'COPY --from a number',
      'FROM golang AS a\nFROM scratch\nCOPY --from=0 /a /b',
      ['docker.io/library/golang:latest'],
    ],
    [
      'RUN --mount from',
      'FROM scratch\nRUN --mount=type=bind,from=tools:2,target=/t make',
      ['docker.io/library/tools:2'],
    ],
    ['the frontend', '# syntax=docker/dockerfile:1\nFROM scratch', ['docker.io/docker/dockerfile:1']],
    ['a comment ends the directives', '# hello\n# syntax=docker/dockerfile:1\nFROM scratch', []],
    ['ARG with default', 'ARG V=3.20\nFROM alpine:${V}', ['docker.io/library/alpine:3.20']],
    [
      'ARG from a build argument',
      'ARG V=3.20\nFROM alpine:$V',
      ['docker.io/library/alpine:3.21'],
      { buildArgs: { V: '3.21' } },
    ],
    ['an undeclared build argument', 'FROM alpine:$V', ['? no value for V'], { buildArgs: { V: '3.21' } }],
    ['an ARG inside a stage is not seen', 'FROM scratch\nARG V=1\nFROM alpine:$V', ['? no value for V']],
    ['a default in braces', 'FROM alpine:${V:-${W:-9}}', ['docker.io/library/alpine:9']],
    ['an alternative in braces', 'ARG V=\nFROM alpine:${V+set}${V:+not}', ['docker.io/library/alpine:set']],
    ['suffix removal', 'ARG V=3.20.1\nFROM alpine:${V%.*}', ['docker.io/library/alpine:3.20']],
    ['replacement', 'ARG V=3_20_1\nFROM alpine:${V//_/.}', ['docker.io/library/alpine:3.20.1']],
    [
      'the platform',
      'FROM --platform=$BUILDPLATFORM alpine:$TARGETARCH',
      ['docker.io/library/alpine:arm64'],
      { platform: 'linux/arm64' },
    ],
    [
      'a continuation with a comment and a blank line',
      'FROM \\\n# FROM evil\n\n  alpine:1',
      ['docker.io/library/alpine:1'],
    ],
    ['escape by directive', '# escape=`\nFROM `\n alpine:1', ['docker.io/library/alpine:1']],
    [
      'a heredoc is data',
      'FROM alpine:1\nRUN <<EOF\nFROM evil\nEOF\nCOPY --from=b:1 <<-"X" /y\nFROM evil\n\tX\n',
      ['docker.io/library/alpine:1', 'docker.io/library/b:1'],
    ],
    ['carriage returns and byte order mark', '\ufeffFROM alpine:1\r\nRUN a\r\n', ['docker.io/library/alpine:1']],
    ['tag and digest', `FROM a.io/x:1@sha256:${'a'.repeat(64)}`, [`a.io/x:1@sha256:${'a'.repeat(64)}`]],
    ['stages that are not needed', 'FROM evil AS unused\nFROM alpine:1', ['docker.io/library/alpine:1']],
    ['a target', 'FROM a:1 AS one\nFROM b:1 AS two', ['docker.io/library/a:1'], { target: 'one' }],
    ['a named context', 'FROM base', ['r.io/x:1'], { contexts: { base: 'docker-image://r.io/x:1' } }],
  ])('%s', (_, text, expected, options) => {
    expect(names(text, options)).toEqual(expected);
  });

  it.each([
    ['no FROM', 'RUN a'],
    ['a heredoc without end', 'FROM a\nRUN <<EOF\nx'],
    ['three words', 'FROM a b c'],
    ['another flag', 'FROM --pull=always a'],
    ['a directive twice', '# escape=`\n# escape=`\nFROM a'],
    ['an unknown target', 'FROM a'],
    ['an unclosed brace', 'FROM ${a'],
    ['a stage name with a slash', 'FROM a AS b/c'],
    ['an empty file', ''],
  ])('refuses %s', (name, text) => {
    const options = name === 'an unknown target' ? { target: 'nope' } : {};
    expect(() => parseBaseImages(text, options)).toThrowError(
      expect.objectContaining({ code: 'ERR_NOTARYKIT_DOCKERFILE' }),
    );
  });

  it('names the line', () => {
    expect(parseBaseImages('# c\n\nFROM a AS x\nRUN y\nFROM b\nCOPY --from=x a b').map(({ line }) => line)).toEqual([
      3, 5,
    ]);
  });
});
