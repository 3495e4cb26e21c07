import { setSecret } from '@actions/core';
import { createRedactor } from '@notarykit/common';

/** The secrets of one run. */
export interface Secrets {
  /** Makes the runner mask a secret in its log from now on, and returns it. Call it before the first use. */
  keep(secret: string): string;
  /** A text without the secrets that were kept. */
  text(text: string): string;
}

/** Secrets of a run; nothing is kept yet. */
export function createSecrets(): Secrets {
  const kept = new Set<string>();
  return {
    keep(secret) {
      if (secret !== '' && !kept.has(secret)) setSecret(secret);
      kept.add(secret);
      return secret;
    },
    text: (text) => createRedactor(kept).text(text),
  };
}
