/** Names that {@link peer} knows. */
export declare const peerNames: readonly string[];

/** Path of a pinned real program; installs it if need be. Throws when it cannot be had. */
export declare function peer(name: string): Promise<string>;
