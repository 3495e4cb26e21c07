import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterPolicy } from '@notarykit/admission';
import { type Logger, memoryCache } from '@notarykit/common';
import { createRevocationChecker } from '@notarykit/pki';
import { revocationFetch } from '@notarykit/pki/node';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';

/** What the cluster trusts now; replaced whole when the files change. */
export interface LoadedTrust {
  current(): ClusterPolicy;
  stop(): void;
}

/** Reads a mounted folder, and again in intervals. Files that do not fit together change nothing. */
export async function loadTrust(folder: string, reloadMs: number, logger: Logger): Promise<LoadedTrust> {
  const revocation = createRevocationChecker({ fetch: revocationFetch(), cache: memoryCache() });
  let text = await readAll(folder);
  let policy = await build(text);
  const check = async (): Promise<void> => {
    try {
      const now = await readAll(folder);
      if (JSON.stringify([...now]) === JSON.stringify([...text])) return;
      policy = await build(now);
      text = now;
      logger.info?.('trust reloaded', { policy: policy.trust.policy.digest });
    } catch (error) {
      logger.warn?.('trust not reloaded; the old one stays', { error: (error as Error).message });
    }
  };
  const timer = setInterval(() => void check(), reloadMs);
  timer.unref();
  return { current: () => policy, stop: () => clearInterval(timer) };

  async function build(files: ReadonlyMap<string, string>): Promise<ClusterPolicy> {
    const document = files.get('trustpolicy.json');
    if (document === undefined) throw new Error(`${folder}: expected trustpolicy.json`);
    const loaded = parseTrustPolicy(document);
    const trustStore = memoryTrustStore(storesOf(files));
    // A store that is missing or no authority shows now, and not at the first pod.
    for (const { type, name } of loaded.statements.flatMap((statement) => statement.trustStores))
      await trustStore.certificates(type, name);
    return { trust: { policy: loaded, trustStore, revocation } };
  }
}

/** Kubernetes mounts links, and folders of its own beside them. */
async function readAll(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).filter((name) => name === 'trustpolicy.json' || storeFile.test(name)).sort();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
}

const storeFile = /^(ca|signingAuthority|tsa)\.(.+)\.pem$/;

function storesOf(files: ReadonlyMap<string, string>): Parameters<typeof memoryTrustStore>[0] {
  const stores = { ca: {}, signingAuthority: {}, tsa: {} } as Record<string, Record<string, string>>;
  for (const [file, pem] of files) {
    const [, type = '', name = ''] = storeFile.exec(file) ?? [];
    const store = stores[type];
    if (store !== undefined) store[name] = pem;
  }
  return stores;
}
