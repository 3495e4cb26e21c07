import { quote } from '@notarykit/common';
import { imageOf } from './image-name.js';
import { dockerfileError, parseInstructions } from './instructions.js';
import { type Stage, StageReader, stageIndex } from './stages.js';

/** What a build is told from outside. */
export interface DockerfileOptions {
  /** Values of `--build-arg`; only declared arguments take them. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** The stage that is built. Default the last one. */
  readonly target?: string;
  /** Named build contexts; `docker-image://…` names an image, anything else is no image. */
  readonly contexts?: Readonly<Record<string, string>>;
  /** The platform of the build, for example `linux/amd64`. */
  readonly platform?: string;
  /** `reachable` (the default) leaves out stages that the target does not need. */
  readonly stages?: 'reachable' | 'all';
}

/** An image that a Dockerfile builds upon. */
export interface BaseImage {
  /** Line of the instruction, from 1. */
  readonly line: number;
  readonly instruction: 'FROM' | 'COPY' | 'RUN' | 'syntax';
  /** As it stands in the file. */
  readonly written: string;
  /** Full reference, `registry/repository[:tag][@digest]`; absent when the name cannot be resolved. */
  readonly reference?: string;
  /** Why there is no reference. */
  readonly unresolved?: string;
  readonly platform?: string;
}

/**
 * Lists every external image that building a Dockerfile uses: bases that are no earlier stage, sources of `COPY --from`
 * and `RUN --mount`, and the frontend of `# syntax=`.
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
  const stages = new StageReader(file, options).stages();
  const wanted = options.stages === 'all' ? stages : reachable(stages, options.target);
  const images = wanted.flatMap((stage) => stage.uses.filter((use) => typeof use !== 'number'));
  const frontend =
    file.syntax === undefined ? [] : [imageOf(file.syntax.line, 'syntax', file.syntax.image, file.syntax.image)];
  return [...frontend, ...images].sort((a, b) => a.line - b.line);
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
