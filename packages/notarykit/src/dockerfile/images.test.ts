import { describe, expect, it } from 'vitest';
import { parseBaseImages } from './images.js';
import type { DockerfileOptions } from './options.js';

const names = (text: string, options?: DockerfileOptions): string[] =>
  parseBaseImages(text, options).map(({ reference, unresolved }) => reference ?? `? ${unresolved}`);

describe('parseBaseImages', () => {
  it.each<[string, string, string[], DockerfileOptions?]>([
    ['a familiar name', 'FROM alpine', ['docker.io/library/alpine:latest']],
    ['a user repository', 'FROM wabbit/net:1', ['docker.io/wabbit/net:1']],
    ['a registry with port', 'from localhost:5000/a/b:1', ['localhost:5000/a/b:1']],
    ['scratch is not an image', 'FROM scratch\nCOPY a b', []],
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

/** Texts in which an image is easy to overlook; what BuildKit makes of such texts is compared with BuildKit itself elsewhere. */
describe('finds images in unusual places', () => {
  const base = 'FROM good.test/base:1\n';
  const both = ['good.test/base:1', 'evil.test/x:1'];
  it.each([
    ['after an escaped mark at the end of a line', 'RUN echo \\\\\nCOPY --from=evil.test/x:1 /a /a\n'],
    ['in a mount after an escaped mark', 'RUN echo \\\\\nRUN --mount=from=evil.test/x:1,target=/x /x/run\n'],
    ['with an escape in the name of the flag', 'COPY --f\\rom=evil.test/x:1 /a /a\n'],
    ['with quotes in the name of the flag', 'COPY --fr"om=evil.test/x:1" /a /a\n'],
    ['with quotes around a field of a mount', 'RUN --mount=type=bind,"from=evil.test/x:1",target=/x /x/run\n'],
    ['with quotes around a mount', 'RUN --moun"t=type=bind,from=evil.test/x:1,target=/x" /x/run\n'],
    ['as the last of two sources', 'RUN --mount=from=good.test/base:1,FROM=evil.test/x:1,target=/x /x/run\n'],
    [
      'after a here-document that ends in carriage returns',
      'RUN <<EOF\necho\nEOF\r\r\nCOPY --from=evil.test/x:1 /a /a\n',
    ],
    [
      'after a here-document with a blank before its word',
      'RUN cat << EOF\nFROM a\nEOF\nCOPY --from=evil.test/x:1 /a /a\n',
    ],
    ['after an open quote, where no here-document begins', 'RUN echo "<<EOF\nCOPY --from=evil.test/x:1 /a /a\n'],
    ['after a list, where no here-document begins', 'RUN ["<<EOF"]\nCOPY --from=evil.test/x:1 /a /a\n'],
    ['with a vertical tab', 'COPY\v--from=evil.test/x:1 /a /a\n'],
    ['after a line with a mark alone', 'RUN a\n\\\n# note\nCOPY --from=evil.test/x:1 /a /a\n'],
  ])('%s', (_, text) => {
    expect(names(base + text)).toEqual(both);
  });

  it.each([
    [
      'a trigger of a stage that another one builds on',
      'FROM good.test/base:1 AS a\nONBUILD COPY --from=evil.test/x:1 / /\nFROM a',
      'evil.test/x:1',
    ],
    [
      'a stage that follows an escaped mark',
      'FROM good.test/base:1 AS a\nRUN echo \\\\\nFROM evil.test/x:1\nCOPY --from=a / /',
      'evil.test/x:1',
    ],
    [
      'a number in a mount, which is a name',
      'FROM good.test/base:1\nRUN --mount=from=0,target=/x a',
      'docker.io/library/0:latest',
    ],
    ['an official image by its full name', 'FROM docker.io/nginx', 'docker.io/library/nginx:latest'],
  ])('%s', (_, text, image) => {
    expect(names(text)).toContain(image);
  });

  it.each([
    [
      'a stage whose name a later one takes',
      'FROM a.test/a AS x\nFROM a.test/b\nCOPY --from=x / /\nFROM a.test/c AS x',
    ],
    ['a later stage by number', 'FROM a.test/a\nCOPY --from=1 / /\nFROM a.test/b'],
    ['the stage itself', 'FROM a.test/a AS x\nCOPY --from=x / /'],
    ['a number without a stage', 'FROM a.test/a\nCOPY --from=7 / /'],
    ['a variable in a source', 'FROM a.test/a\nCOPY --from=$X / /'],
    ['an argument of the platform without a platform', `FROM alpine:${'$'}{TARGETARCH:-latest}`],
    ['an argument made of one', 'ARG V=$TARGETARCH\nFROM alpine:$V'],
  ])('does not resolve %s', (_, text) => {
    const images = parseBaseImages(text, { stages: 'all' });
    expect(images.some(({ unresolved }) => unresolved !== undefined)).toBe(true);
  });

  it.each([
    ['characters in a flag that are not ASCII', 'FROM a\nCOPY --fr\u00e0m=b / /'],
    ['a flag twice', 'FROM --platform=linux/amd64 --platform=linux/arm64 a'],
    ['an instruction that does not exist', 'FROM a\nCOPIE --from=b / /'],
    ['a mount that is not a list of fields', 'FROM a\nRUN --mount=type=bind\\"from=b x'],
    ['a dollar sign in a replacement', `ARG V=a\nFROM x${'$'}{V//a/\\$0}`],
    ['a value that is too long before a pattern', `ARG V=${'a'.repeat(5000)}\nFROM x${'$'}{V%%a*}`],
  ])('refuses %s', (_, text) => {
    expect(() => parseBaseImages(text)).toThrowError(expect.objectContaining({ code: 'ERR_NOTARYKIT_DOCKERFILE' }));
  });

  it('lists the frontend of a build argument', () => {
    const buildArgs = { BUILDKIT_SYNTAX: 'b.test/f:1 x' };
    expect(names('# syntax=a.test/f\nFROM scratch', { buildArgs })).toEqual(['b.test/f:1']);
  });

  it('finds a named context as the frontend does', () => {
    const contexts = { alpine: 'docker-image://r.io/x:1', build: 'docker-image://r.io/y:1', 'other::linux/arm64': '.' };
    const lines = ['FROM docker.io/library/alpine:latest AS first', 'FROM good.test/a AS build', 'FROM scratch'];
    const copies = ['first', 'build', 'other', 'scratch'].map((name) => `COPY --from=${name} / /`);
    expect(names([...lines, ...copies].join('\n'), { contexts, platform: 'linux/amd64' })).toEqual([
      'r.io/x:1',
      'r.io/y:1',
      'docker.io/library/other:latest',
    ]);
  });
});

describe('parseBaseImages: work', () => {
  it('is bounded: variables inside each other, triggers in many stages', () => {
    const refused = expect.objectContaining({ code: 'ERR_NOTARYKIT_DOCKERFILE' });
    expect(() => parseBaseImages(`ARG A\nFROM a:${'${A:-'.repeat(5000)}${'}'.repeat(5000)}`)).toThrow(refused);
    const triggers = `FROM a AS s\n${'ONBUILD COPY --from=b / /\n'.repeat(200)}${'FROM s\n'.repeat(200)}`;
    expect(() => parseBaseImages(triggers)).toThrow(refused);
  });

  it('stages with the same name: the last one before the use counts', () => {
    expect(names('FROM a AS s\nFROM s AS t\nFROM b AS s\nFROM s\n')).toEqual(['docker.io/library/b:latest']);
    expect(names('FROM a AS s\nFROM s AS t\nFROM b AS s\nFROM t\n')).toEqual(['docker.io/library/a:latest']);
  });
});
