/** The licences of the packages that files of a bundle come from, with their texts; throws for a package that says nothing of its licence. */
export declare function licensesOf(files: readonly string[]): Promise<string>;
