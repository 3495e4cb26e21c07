import { describe, expect, it } from 'vitest';
import { parseBaseImages } from './images.js';
import type { DockerfileOptions } from './options.js';
import { pinDockerfile, type VerifiedBaseImage } from './pin.js';
import { buildSourcePolicy } from './source-policy.js';

const digest = `sha256:${'a'.repeat(64)}`;
const verified = (text: string, options?: DockerfileOptions): VerifiedBaseImage[] =>
  parseBaseImages(text, options).map((one) => ({ ...one, verdict: { digest } }));
const pin = (text: string, options?: DockerfileOptions): string =>
  pinDockerfile(text, verified(text, options), options);

describe('pinDockerfile', () => {
  it.each<[string, string, string, DockerfileOptions?]>([
    ['a base', 'FROM alpine:3.20\nRUN a\n', `FROM docker.io/library/alpine:3.20@${digest}\nRUN a\n`],
    [
      'a stage of the name of its base',
      'FROM alpine AS alpine',
      `FROM docker.io/library/alpine:latest@${digest} AS alpine`,
    ],
    ['a variable', 'ARG B=r.io/a:1\nFROM ${B}\r\nRUN a', `ARG B=r.io/a:1\nFROM r.io/a:1@${digest}\r\nRUN a`],
    ['a digest of its own', `FROM r.io/a@${digest}`, `FROM r.io/a@${digest}`],
    ['a platform', 'FROM --platform=linux/arm64 r.io/a:1', `FROM --platform=linux/arm64 r.io/a:1@${digest}`],
    ['a copy', 'FROM scratch\nCOPY --from=r.io/a:1 /x /y', `FROM scratch\nCOPY --from=r.io/a:1@${digest} /x /y`],
    [
      'mounts, over lines, and no text of a here-document',
      'FROM scratch\nRUN --mount=from=r.io/a:1,target=/a \\\n  --mount=target=/b,from=r.io/a:1 <<E\n--from=r.io/a:1\nE\n',
      `FROM scratch\nRUN --mount=from=r.io/a:1@${digest},target=/a \\\n  --mount=target=/b,from=r.io/a:1@${digest} <<E\n--from=r.io/a:1\nE\n`,
    ],
    [
      'a trigger, once for all stages in which it runs',
      'FROM scratch AS a\nONBUILD COPY --from=r.io/a:1 / /\nFROM a AS b\nFROM a\nCOPY --from=b / /',
      `FROM scratch AS a\nONBUILD COPY --from=r.io/a:1@${digest} / /\nFROM a AS b\nFROM a\nCOPY --from=b / /`,
    ],
    ['the frontend', '# syntax=r.io/f:1\nFROM scratch', `# syntax=r.io/f:1@${digest}\nFROM scratch`],
    ['only what the target needs', 'FROM a AS x\nFROM b', `FROM a AS x\nFROM docker.io/library/b:latest@${digest}`],
  ])('%s', (_, text, pinned, options) => {
    expect(pin(text, options)).toBe(pinned);
    expect(parseBaseImages(pinned, options).every(({ reference }) => reference?.endsWith(digest))).toBe(true);
  });

  it.each<[string, string, DockerfileOptions?]>([
    ['a context in place of a stage', 'FROM a AS x\nFROM x', { contexts: { x: 'docker-image://r.io/c:1' } }],
    ['a frontend that a build argument names', 'FROM scratch', { buildArgs: { BUILDKIT_SYNTAX: 'r.io/f:1' } }],
    ['escapes in the name of the flag', 'FROM scratch\nCOPY --fr"om=r.io/a:1" / /'],
  ])('refuses %s, which a source policy can pin', (_, text, options) => {
    expect(() => pin(text, options)).toThrow(expect.objectContaining({ code: 'ERR_NOTARYKIT_BASE_IMAGE' }));
    expect(buildSourcePolicy(verified(text, options)).rules.at(-1)?.action).toBe('CONVERT');
  });

  it('refuses another digest than was verified, and verdicts of another file', () => {
    const other = `FROM r.io/a@sha256:${'b'.repeat(64)}`;
    for (const images of [verified(other), verified('FROM r.io/b:1'), []])
      expect(() => pinDockerfile(other, images)).toThrow(expect.objectContaining({ code: 'ERR_NOTARYKIT_BASE_IMAGE' }));
  });
});

describe('buildSourcePolicy', () => {
  it('converts names to verified digests, and denies every other image', () => {
    const pinned = `docker-image://r.io/a:1@${digest}`;
    expect(buildSourcePolicy(verified('FROM r.io/a:1\nFROM r.io/a:1\nCOPY --from=0 / /'))).toEqual({
      version: 1,
      rules: [
        { action: 'DENY', selector: { identifier: 'docker-image://*' } },
        { action: 'DENY', selector: { identifier: 'oci-layout://*' } },
        { action: 'ALLOW', selector: { identifier: pinned } },
        { action: 'CONVERT', selector: { identifier: 'docker-image://r.io/a:1' }, updates: { identifier: pinned } },
      ],
    });
    expect(buildSourcePolicy(verified(`FROM r.io/a@${digest}`)).rules.map(({ action }) => action)).toEqual([
      'DENY',
      'DENY',
      'ALLOW',
    ]);
  });

  it('refuses one name with two digests', () => {
    const [one] = verified('FROM r.io/a:1');
    const other = { ...one, verdict: { digest: `sha256:${'c'.repeat(64)}` } } as VerifiedBaseImage;
    expect(() => buildSourcePolicy([one as VerifiedBaseImage, other])).toThrow(
      expect.objectContaining({ code: 'ERR_NOTARYKIT_BASE_IMAGE' }),
    );
  });
});
