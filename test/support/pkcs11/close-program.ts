import { readFileSync } from 'node:fs';
import { createRequire as requireFrom } from 'node:module';
import { pkcs11Signer } from '@notarykit/kms-providers/pkcs11';
import { seededRandom } from '../../fuzz/random.ts';

// Closes a signer at a random moment of its work and finalises the library: the process must live.
const { library, native, token, pin, keyLabel, chain, seed } = JSON.parse(process.argv[2] ?? '{}') as Record<
  string,
  string
>;
const random = seededRandom(Number(seed));
const signer = pkcs11Signer({
  library: library as string,
  pkcs11js: requireFrom(import.meta.url)(native as string),
  token: token as string,
  pin: pin as string,
  keyLabel: keyLabel as string,
  certificateChain: readFileSync(chain as string, 'utf8'),
  finalize: true,
});
const pause = (most: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, random.below(most)));
// What it ends with is of no matter here: SoftHSM does not find its own token while another process writes.
if (random.below(4) > 0) await signer.describe().catch(() => undefined);
const controller = new AbortController();
const work = Array.from({ length: 1 + random.below(12) }, (_, i) =>
  signer.sign({
    payload: Uint8Array.of(i),
    keySpec: 'RSA-2048',
    ...(random.below(2) === 0 ? { signal: controller.signal } : {}),
  }),
);
const outcomes = Promise.allSettled(work);
await pause(15);
if (random.below(2) === 0) controller.abort(new Error('enough'));
await pause(5);
await signer.close();
await outcomes;
await pause(20);
process.stdout.write('alive');
