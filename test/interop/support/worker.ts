// Runs in workerd as a test of a worker; its bindings name the registries.
import { localSigner } from '@notarykit/kms-providers/local';
import { describe } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { createAuthority } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { copy, publish, verify } from 'notarykit';
import { labPolicy } from '../../support/lab-policy.js';

interface Bindings {
  readonly PLAIN: string;
  readonly TOKEN: string;
  readonly ODD: string;
}

async function outcomesOf({ PLAIN, TOKEN, ODD }: Bindings): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    outcomes[name] = String(await work().catch((error: { code?: string }) => error.code ?? 'no code'));
  };
  const credentials = { username: 'wabbit', password: 'carrot' };
  const own = createRegistry({ registry: PLAIN, fetch: fetch as never }).repository('app');
  const guarded = createRegistry({ registry: TOKEN, credentials }).repository('app');
  const authority = await createAuthority();
  const { pem, privateKeyPem } = await authority.issueLeaf();
  const signer = localSigner({ privateKey: privateKeyPem, certificateChain: pem });
  const policy = parseTrustPolicy(labPolicy({ withoutRevocation: true }));
  const trust = { policy, trustStore: memoryTrustStore({ ca: { lab: [authority.root.certificate] } }) };
  const publishTo = async (repository: typeof own): Promise<string> => {
    const layers = [{ mediaType: 'text/plain', content: new Uint8Array(300_000) }];
    await publish(repository, { push: { artifactType: 'a/b', layers }, sign: { signer }, tag: 'v1' });
    return (await verify(repository, 'v1', trust)).verdict;
  };
  await step('published', () => publishTo(own));
  await step('published with a token', () => publishTo(guarded));
  const elsewhere = createRegistry({ registry: TOKEN, credentials }).repository('copy');
  await step('copied', async () => {
    await copy(own, elsewhere, { reference: 'v1', verify: trust });
    return (await verify(elsewhere, 'v1', trust)).verdict;
  });
  await step('large stream', async () => {
    const bytes = new Uint8Array(9 * 1024 * 1024).fill(5);
    const blob = describe('application/octet-stream', bytes);
    await own.push(blob, () => new Blob([bytes]).stream());
    return (await new Response(await own.fetch(blob)).arrayBuffer()).byteLength;
  });
  await step('stream of unknown size', async () => {
    const { size } = await own.pushStream(new Blob([new Uint8Array(1_000_000)]).stream());
    return size;
  });
  await step('101', () => createRegistry({ registry: ODD, retry: { maxRetries: 0 } }).ping());
  await step('whole list of referrers', async () => {
    let count = 0;
    for await (const _ of own.referrers(await own.resolve('v1'))) count += 1;
    return count;
  });
  return outcomes;
}

// biome-ignore lint/style/noDefaultExport: a worker is its default export.
export default {
  async test(_controller: unknown, bindings: Bindings): Promise<void> {
    console.log(JSON.stringify(await outcomesOf(bindings)));
  },
};
