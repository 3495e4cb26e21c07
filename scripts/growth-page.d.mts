/** What `bench:growth` recorded. */
export interface GrowthResults {
  readonly machine: string;
  readonly command: string;
  readonly curves: readonly {
    readonly name: string;
    readonly of: string;
    readonly exponent: number;
    readonly last: number;
    readonly points: readonly {
      readonly size: number;
      readonly cpuMs: number;
      readonly wallMs: number;
      readonly beforeMiB: number;
      readonly peakMiB: number;
      readonly refused?: string;
      readonly facts?: Readonly<Record<string, number>>;
    }[];
  }[];
}

export const resultsFile: string;
export const pageFile: string;
export const pictureFile: string;
export function readResults(): GrowthResults;
export function pageOf(results: GrowthResults): string;
export function pictureOf(results: GrowthResults): string;
