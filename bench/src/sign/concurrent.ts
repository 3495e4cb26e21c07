import { once } from 'node:events';
import { parentPort, Worker } from 'node:worker_threads';
import { pkcs11Signer } from '@notarykit/kms-providers/pkcs11';
import { vaultSigner } from '@notarykit/kms-providers/vault';
import { limiting, type Signer } from '@notarykit/signature-envelope';
import { createAuthority, createKeyPair, serveVault } from '@notarykit/testing';
import { createTokenDouble } from '../../../test/support/pkcs11/token-double.ts';
import { report } from './measure.js';

const [signatures, latencyMs, concurrency] = [200, 20, 10];
const ideal = (signatures / concurrency) * latencyMs;
const keySpec = 'EC-256';

/** The service has its own thread, as it would have its own machine. */
export async function serve(): Promise<void> {
  const pair = await createKeyPair(keySpec);
  const { pem } = await (await createAuthority()).issueLeaf({ keyPair: pair });
  const service = await serveVault([{ name: 'k', versions: [pair] }], { token: 't', chains: { 'k:1': pem } });
  service.faults.delayMs = latencyMs;
  parentPort?.postMessage(service.url);
}

async function atOnce(signer: Signer): Promise<number> {
  await signer.describe();
  await Promise.all(Array.from({ length: concurrency }, () => signer.sign({ payload: new Uint8Array(1), keySpec })));
  const start = performance.now();
  await Promise.all(
    Array.from({ length: signatures }, (_, i) => signer.sign({ payload: Uint8Array.of(i, 1), keySpec })),
  );
  return (performance.now() - start) / ideal;
}

async function best(signer: Signer): Promise<number> {
  const ratios: number[] = [];
  for (let run = 0; run < 5; run++) ratios.push(await atOnce(signer));
  return Math.min(...ratios);
}

async function overHttp(): Promise<number> {
  const worker = new Worker(new URL(import.meta.url));
  const [address] = (await once(worker, 'message')) as [string];
  const ratio = await best(limiting(vaultSigner({ address, token: 't', key: 'k', fetch }), { concurrency }));
  await worker.terminate();
  return ratio;
}

async function overSessions(): Promise<number> {
  const pair = await createKeyPair(keySpec);
  const { chain } = await (await createAuthority()).issueLeaf({ keyPair: pair });
  const keys = [{ label: 'k', id: Uint8Array.of(1), pair }];
  const token = createTokenDouble({ label: 't', keys, certificates: chain.map((der) => ({ der })) });
  token.during = () => new Promise((resolve) => setTimeout(resolve, latencyMs));
  const signer = pkcs11Signer({ library: 'x.so', pkcs11js: token.pkcs11js, keyLabel: 'k', sessions: concurrency });
  return best(signer);
}

/** Two hundred signatures at once, through a service and a token that take their time. */
export async function concurrent(): Promise<void> {
  const goal = `<= 1.2 x the ideal of ${ideal} ms`;
  report('concurrent.vault', await overHttp(), goal);
  report('concurrent.pkcs11', await overSessions(), goal);
}
