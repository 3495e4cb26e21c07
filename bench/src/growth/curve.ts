/** What is measured at one size. */
export interface Work {
  /** The first run is what counts: the next would find what it left. */
  readonly once?: boolean;
  /** The work, with the options that its size needs. */
  run(): Promise<unknown>;
  /** The same with the default limits: it must be refused. Only where the size is beyond one. */
  refused?(): Promise<unknown>;
  /** What else is known of it, such as bytes on disk, by name and unit. */
  facts?(): Promise<Readonly<Record<string, number>>>;
  close?(): Promise<void>;
}

/** How the cost of a work grows with its size. */
export interface Curve {
  readonly name: string;
  /** What the size counts. */
  readonly of: string;
  readonly sizes: readonly number[];
  /** The largest size of a quick run. */
  readonly quick: number;
  /** Makes what is measured; not measured itself. */
  prepare(size: number): Promise<Work>;
}
