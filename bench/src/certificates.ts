import { createPublicKey, generateKeyPairSync, sign, verify, X509Certificate } from 'node:crypto';
import { buildPath, parseCertificate } from '@notarykit/pki';
import { createAuthority } from '@notarykit/testing';

// One process, one thread; both sides of a ratio are measured in turns, so that a busy machine slows them alike.

const keySpecs = ['RSA-2048', 'RSA-4096', 'EC-256', 'EC-521'] as const;

/** Microseconds per call: that of the least disturbed of several batches. */
function measure(batches: number, size: number, work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < batches; batch++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < size; i++) work();
    least = Math.min(least, Number(process.hrtime.bigint() - start) / 1000 / size);
  }
  return least;
}

const middle = (ratios: readonly number[]): number => [...ratios].sort((a, b) => a - b)[ratios.length >> 1] as number;

/** How many times as fast as node's own parser, which only loads here what it reads later. */
function compare(der: Uint8Array): { ratio: number; perSecond: number } {
  const ratios: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 11; turn++) {
    const ours = measure(4, 200, () => parseCertificate(der));
    ratios.push(measure(4, 200, () => new X509Certificate(der)) / ours);
    least = Math.min(least, ours);
  }
  return { ratio: middle(ratios), perSecond: 1e6 / least };
}

async function parsing(): Promise<void> {
  for (const keySpec of keySpecs) {
    const authority = await createAuthority({ keySpec, intermediates: 0 });
    const [der] = (await authority.issueLeaf({ keySpec })).chain;
    const { ratio, perSecond } = compare(der as Uint8Array);
    console.log(`envelope.certificate-parse: ${keySpec} ${ratio.toFixed(2)} x X509Certificate (goal >= 0.6)`);
    console.log(`certificates.parse-rate: ${keySpec} ${perSecond.toFixed(0)}/s`);
  }
}

/** A path of three whose signatures were checked once before. */
async function paths(): Promise<void> {
  const authority = await createAuthority({ keySpec: 'RSA-2048', intermediates: 1 });
  const [leaf, ca, root] = (await authority.issueLeaf({ keySpec: 'RSA-2048' })).chain.map((der) =>
    parseCertificate(der),
  );
  if (leaf === undefined || ca === undefined || root === undefined) throw new Error('expected a chain of three');
  let least = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < 20; batch++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < 100; i++) await buildPath(leaf, { anchors: [root], intermediates: [ca] });
    least = Math.min(least, Number(process.hrtime.bigint() - start) / 1000 / 100);
  }
  console.log(`certificates.path-of-three: ${least.toFixed(1)} us, its signatures checked before`);
}

/** The two platforms on one RSASSA-PSS signature with an imported key: why Node has its own. */
async function platforms(): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const data = new Uint8Array(1024).fill(7);
  const pss = { padding: 6, saltLength: 32 };
  const signature = sign('sha256', data, { key: privateKey, ...pss });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' };
  const webKey = await crypto.subtle.importKey('spki', spki, algorithm, false, ['verify']);
  const node = measure(20, 100, () => verify('sha256', data, { key, ...pss }, signature));
  let web = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < 20; batch++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < 100; i++)
      await crypto.subtle.verify({ name: 'RSA-PSS', saltLength: 32 }, webKey, signature, data);
    web = Math.min(web, Number(process.hrtime.bigint() - start) / 1000 / 100);
  }
  console.log(`certificates.verify-ps256: node:crypto ${node.toFixed(0)} us, WebCrypto ${web.toFixed(0)} us`);
}

await parsing();
await paths();
await platforms();
