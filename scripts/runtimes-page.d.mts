/** The whole page about runtimes. */
export declare function runtimesPage(): string;
