/** What is missing in the tests of the checklist of threats. */
export declare function findGaps(): Promise<Readonly<Record<string, readonly string[]>>>;
