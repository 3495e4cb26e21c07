/** Names that {@link peer} knows. */
export declare const peerNames: readonly string[];

/** Those that each run of the interop stage needs. */
export declare const interopPeers: readonly string[];

/** The version of a peer, `undefined` for what comes from the distribution. */
export declare function pinnedVersion(name: string): string | undefined;

/** Path of a pinned real program; installs it if need be. Throws when it cannot be had. */
export declare function peer(name: string): Promise<string>;
