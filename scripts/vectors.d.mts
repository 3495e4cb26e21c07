export interface VectorsPlace {
  /** Where the vectors are; undefined where there are none. */
  readonly folder: string | undefined;
  /** To be without them is a failure. */
  readonly required: boolean;
}

/** Where the third-party vectors are, and whether a run may be without them. */
export declare function findVectors(env?: Readonly<Record<string, string | undefined>>, root?: string): VectorsPlace;

/** What a run says once about the sets that it left out. */
export declare function absentVectors(sets: Iterable<string>): string;
