import { execFileSync, spawnSync } from 'node:child_process';
import { constants, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseCertificate } from '@notarykit/pki';
import { decodeEnvelope, signEnvelope, verifyIntegrity } from '@notarykit/signature-envelope';
import { createAuthority } from '@notarykit/testing';

// One process, one thread, ratios of figures taken in the same run, in turns, so that a busy machine slows both sides.

const target = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 528,
};
const mediaType = 'application/jose+json';
const authority = await createAuthority({ keySpec: 'RSA-2048', intermediates: 0 });

/** Another chain of two each time: nothing of it was seen before. */
async function freshEnvelope(): Promise<Uint8Array> {
  const { signer } = await authority.issueLeaf({ keySpec: 'RSA-2048' });
  return (await signEnvelope(target, { signer })).envelope;
}

/** Microseconds that a piece of work takes: that of the least disturbed of many short batches. */
async function measure(batches: number, size: number, work: (i: number) => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < batches; batch++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < size; i++) await work(batch * size + i);
    least = Math.min(least, Number(process.hrtime.bigint() - start) / 1000 / size);
  }
  return least;
}

function measureSync(batches: number, size: number, work: (i: number) => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < batches; batch++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < size; i++) work(batch * size + i);
    least = Math.min(least, Number(process.hrtime.bigint() - start) / 1000 / size);
  }
  return least;
}

/** Two figures taken side by side. */
interface Turn {
  readonly ours: number;
  readonly floor: number;
}

/** Ours in units of the floor, each from its least disturbed turn. */
function ratioOf(turns: readonly Turn[]): number {
  return Math.min(...turns.map(({ ours }) => ours)) / Math.min(...turns.map(({ floor }) => floor));
}

const report = (name: string, figure: number, goal: string): void =>
  console.log(`envelope.${name}: ${figure.toFixed(2)} (goal ${goal})`);

/** The floor: the one RSASSA-PSS verification of an envelope, with its key at hand. */
function rawVerify(envelope: Uint8Array): () => boolean {
  const { signedBytes, signature, certificateChain } = decodeEnvelope(envelope, mediaType);
  const key = createPublicKey({ key: certificateChain[0]?.publicKey.der as Buffer, format: 'der', type: 'spki' });
  const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return () => verify('sha256', signedBytes, options, signature);
}

async function warm(): Promise<void> {
  const envelope = await freshEnvelope();
  const raw = rawVerify(envelope);
  const ours = (): Promise<unknown> => verifyIntegrity(decodeEnvelope(envelope, mediaType));
  await measure(5, 200, ours);
  const turns: Turn[] = [];
  for (let turn = 0; turn < 25; turn++)
    turns.push({ ours: await measure(20, 25, ours), floor: measureSync(20, 25, raw) });
  report('warm', ratioOf(turns), '<= 2.0 x one raw verify');
}

async function cold(): Promise<void> {
  const envelopes: Uint8Array[] = [];
  for (let i = 0; i < 1000; i++) envelopes.push(await freshEnvelope());
  const raw = rawVerify(envelopes[0] as Uint8Array);
  const turns: Turn[] = [];
  for (let turn = 0; turn < 20; turn++) {
    const ours = await measure(5, 10, (i) =>
      verifyIntegrity(decodeEnvelope(envelopes[turn * 50 + i] as Uint8Array, mediaType)),
    );
    turns.push({ ours, floor: 2 * measureSync(20, 25, raw) });
  }
  report('cold', ratioOf(turns), '<= 8 x two raw verifies');
}

async function parsing(): Promise<void> {
  const { chain } = await authority.issueLeaf({ keySpec: 'RSA-2048' });
  const der = chain[0] as Uint8Array;
  const turns: Turn[] = [];
  for (let turn = 0; turn < 15; turn++) {
    // Node only loads the certificate here and reads its fields later: the harder comparison of the two.
    const ours = measureSync(5, 100, () => parseCertificate(der));
    turns.push({ ours, floor: measureSync(5, 100, () => new X509Certificate(der)) });
  }
  report('certificate', 1 / ratioOf(turns), '>= 0.6 x X509Certificate');
}

async function decoding(): Promise<void> {
  const envelope = await freshEnvelope();
  const text = new TextDecoder().decode(envelope);
  const turns: Turn[] = [];
  for (let turn = 0; turn < 15; turn++) {
    const ours = measureSync(10, 100, () => decodeEnvelope(envelope, mediaType));
    turns.push({ ours, floor: measureSync(10, 100, () => JSON.parse(text)) });
  }
  report('decode', 1 / ratioOf(turns), '>= 0.1 x JSON.parse');
  console.log(`envelope.decode.rate: ${(1e6 / Math.min(...turns.map(({ ours }) => ours))).toFixed(0)}/s`);
}

const loader = `
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  if (found.url.startsWith('file:') && !found.url.includes('/packages/')) process._rawDebug(found.url);
  return found;
}`;

/** Loads the verify path in separate processes: how long the import takes, and what else came with it. */
function importing(): void {
  const entry = JSON.stringify(fileURLToPath(import.meta.resolve('@notarykit/signature-envelope')));
  const run = (script: string): string =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const timed = `const start = performance.now(); await import(${entry}); console.log(performance.now() - start);`;
  report('import', Math.min(...Array.from({ length: 9 }, () => Number(run(timed)))), '< 60 ms');
  const register = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(loader)}`)});`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', `${register} await import(${entry});`], {
    encoding: 'utf8',
  });
  report(
    'import.outside',
    child.stderr.split('\n').filter((line) => line.startsWith('file:')).length,
    '0 files of other packages',
  );
}

await warm();
await cold();
await parsing();
await decoding();
importing();
