/**
 * Options for the registry client behind a webhook, whose caller waits ten seconds and not two minutes: one more try after a
 * failed connection, none for a registry that asks for patience. The guard of `verifyWith` keeps everybody away from that
 * one until the time it named.
 *
 * @example
 * ```ts
 * createRegistry({ registry, credentials, ...webhookRegistry });
 * ```
 */
export const webhookRegistry: {
  readonly retry: {
    readonly maxRetries: number;
    readonly baseMs: number;
    readonly maxMs: number;
    readonly maxRetryAfterMs: number;
    readonly budgetMs: number;
  };
  readonly timeouts: { readonly headersMs: number; readonly idleMs: number; readonly metadataMs: number };
} = {
  retry: { maxRetries: 1, baseMs: 100, maxMs: 500, maxRetryAfterMs: 0, budgetMs: 500 },
  timeouts: { headersMs: 3_000, idleMs: 3_000, metadataMs: 5_000 },
};
