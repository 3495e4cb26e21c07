export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** The apt source that gives `suite` of the archive at `uri`, made from the system's own entry for that archive. */
export declare function sourceOfSuite(files: readonly SourceFile[], uri: string, suite: string): SourceFile;
