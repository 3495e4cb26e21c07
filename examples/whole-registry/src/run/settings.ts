import { readFile } from 'node:fs/promises';
import { decodeBase64 } from '@notarykit/common';
import { createRegistry, type RegistryEndpoint } from '@notarykit/registry-client';
import type { Trust } from 'notarykit';
import { loadNotationTrust } from 'notarykit/node';

/** What every process of a run has in common. */
export interface Settings {
  readonly redisUrl: string;
  readonly registry: RegistryEndpoint;
  readonly trust: Trust;
  /** Only processes that know it can write verdicts and results. */
  readonly secret: Uint8Array;
  /** The name of the run, with the policy's digest: what one policy says never counts for another one. */
  readonly run: string;
}

export async function settingsOf(env: NodeJS.ProcessEnv): Promise<Settings> {
  const given = (name: string): string => {
    const value = env[name];
    if (!value) throw new Error(`set ${name}`);
    return value;
  };
  const redisUrl = given('REDIS_URL');
  // The trust policy and trust store of `notation`, in the folder NOTATION_CONFIG.
  const trust = await loadNotationTrust();
  return {
    redisUrl,
    registry: createRegistry({ registry: given('REGISTRY') }),
    trust,
    secret: decodeBase64((await readFile(given('SECRET_FILE'), 'utf8')).trim()),
    run: `${given('RUN')} ${trust.policy.digest}`,
  };
}
