/** A runtime that the portable suite runs in. */
export interface Runtime {
  readonly name: string;
  readonly peer: string;
  readonly kind: 'program' | 'worker' | 'page';
  readonly stage: 'interop' | 'nightly';
  /** Outcomes that are other ones here. */
  readonly differs?: Readonly<Record<string, string>>;
}

export const runtimes: readonly Runtime[];
