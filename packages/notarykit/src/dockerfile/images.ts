import { quote } from '@notarykit/common/internal';
import type { BaseImage } from './base-image.js';
import { dockerfileError } from './error.js';
import { imageOf } from './image-name.js';
import { type Dockerfile, parseInstructions } from './instructions.js';
import type { DockerfileOptions } from './options.js';
import { readStages, type Stage, stageIndex } from './stages.js';

/**
 * Lists every external image that building a Dockerfile uses: bases that are not an earlier stage, sources of `COPY --from`
 * and `RUN --mount`, also in `ONBUILD` of a stage that another one builds on, and the frontend of `# syntax=`. Names are found as
 * the BuildKit frontend finds them; what it would read and this function cannot is an error or an image without `reference`.
 * Triggers inside the configuration of a base image are part of that image: they are not listed.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_DOCKERFILE`
 *
 * @example
 * ```ts
 * parseBaseImages('FROM alpine:3.20\n').map(({ reference }) => reference); // ['docker.io/library/alpine:3.20']
 * ```
 */
export function parseBaseImages(dockerfile: string, options: DockerfileOptions = {}): readonly BaseImage[] {
  const file = parseInstructions(dockerfile);
  const stages = readStages(file, options);
  const wanted = options.stages === 'all' ? stages : reachable(stages, options.target);
  const images = wanted.flatMap((stage) => stage.uses.filter((use) => typeof use !== 'number'));
  return [...frontends(file, options), ...images].sort((a, b) => a.line - b.line);
}

/** The program that reads the file is an image too; a build argument wins over the file. */
function frontends({ syntax }: Dockerfile, { buildArgs = {} }: DockerfileOptions): readonly BaseImage[] {
  const given = Object.hasOwn(buildArgs, 'BUILDKIT_SYNTAX') ? buildArgs['BUILDKIT_SYNTAX'] : undefined;
  const written = given === undefined ? syntax?.text : given.trim().split(' ', 1)[0];
  if (written === undefined) return [];
  return [imageOf({ line: syntax?.number ?? 1, instruction: 'syntax', written }, written)];
}

function reachable(stages: readonly Stage[], target: string | undefined): Stage[] {
  const start = target === undefined ? stages.length - 1 : stageIndex(stages, target);
  if (start < 0)
    throw dockerfileError(
      1,
      target === undefined ? 'expected at least one FROM' : `no stage is called ${quote(target)}`,
    );
  const seen = new Set<number>();
  const visit = (index: number): void => {
    if (seen.has(index)) return;
    seen.add(index);
    for (const use of stages[index]?.uses ?? []) if (typeof use === 'number') visit(use);
  };
  visit(start);
  return stages.filter((_, i) => seen.has(i));
}
