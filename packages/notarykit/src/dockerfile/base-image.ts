/** An image that a Dockerfile builds upon. */
export interface BaseImage {
  /** Line of the instruction, from 1. */
  readonly line: number;
  readonly instruction: 'FROM' | 'COPY' | 'RUN' | 'syntax';
  /** As it is in the file. */
  readonly written: string;
  /** Full reference, `registry/repository[:tag][@digest]`; absent when the name cannot be resolved. */
  readonly reference?: string;
  /** Why the name cannot be resolved; absent when there is a `reference`. */
  readonly unresolved?: string;
  readonly platform?: string;
}
