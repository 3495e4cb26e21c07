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
