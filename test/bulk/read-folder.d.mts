export interface FileOutcome {
  readonly path: string;
  readonly kind?: string;
  readonly counts?: Readonly<Record<string, number>>;
  readonly notes?: readonly string[];
  readonly refused?: { readonly code: string; readonly message: string };
  readonly skipped?: true;
  readonly crashed?: string;
}
export function readFolder(folder: string): AsyncIterable<FileOutcome>;
