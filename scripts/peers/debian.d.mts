/** The packages in `records`, as `apt-cache show` prints them, that are built from the source of `packageName`; it among them. */
export declare function ofOneSource(records: string, packageName: string): string[];
