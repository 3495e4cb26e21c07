export interface PublicEntry {
  readonly folder: string;
  readonly name: string;
  readonly entry: string;
  readonly file: string;
}
export function publicEntries(): Iterable<PublicEntry>;
export function exportsOf(file: string): Map<string, unknown>;
export function borrowed(file: string): Set<string>;
export function reports(): Map<string, string>;
export function staleReports(): readonly string[];
