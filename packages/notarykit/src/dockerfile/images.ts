import { quote } from '@notarykit/common';
import { dockerfileError } from './error.js';
import { imageOf } from './image-name.js';
import { type Dockerfile, parseInstructions } from './instructions.js';
import { readStages, type Stage, stageIndex } from './stages.js';

/** What a build gets from outside. */
export interface DockerfileOptions {
  /** Values of `--build-arg`. Only declared arguments take them, and those of the platform; `BUILDKIT_SYNTAX` names the frontend. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** The stage that is built. Default the last one. */
  readonly target?: string;
  /** Named build contexts; `docker-image://…` names an image, anything else is not an image. */
  readonly contexts?: Readonly<Record<string, string>>;
  /** The platform of the build in its normal form, for example `linux/amd64`. Without it `$TARGETARCH` and the like have no value. */
  readonly platform?: string;
  /** `reachable` (the default) leaves out stages that the target does not need. */
  readonly stages?: 'reachable' | 'all';
}

/** An image that a Dockerfile builds upon. */
export interface BaseImage {
  /** Line of the instruction, from 1. */
  readonly line: number;
  readonly instruction: 'FROM' | 'COPY' | 'RUN' | 'syntax';
  /** As it is in the file. */
  readonly written: string;
  /** Full reference, `registry/repository[:tag][@digest]`; absent when the name cannot be resolved. */
  readonly reference?: string;
  /** Why there is no reference. */
  readonly unresolved?: string;
  readonly platform?: string;
}

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
