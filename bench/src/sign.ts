import { constants, createPrivateKey, type KeyObject, sign as rawSign } from 'node:crypto';
import { localSigner } from '@notarykit/kms-providers/local';
import { algorithmOf, type KeySpec, type Signer, signatureAlgorithms, signEnvelope } from '@notarykit/signature-envelope';
import { createAuthority, type Issued } from '@notarykit/testing';

const target = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha256:${'a'.repeat(64)}`, size: 528 };
const authority = await createAuthority();
const payload = new Uint8Array(700).fill(7);

async function measure(batches: number, size: number, work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < batches; batch++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < size; i++) await work();
    least = Math.min(least, Number(process.hrtime.bigint() - start) / 1000 / size);
  }
  return least;
}
for (const { keySpec, type, hash, hash: h } of signatureAlgorithms) {
  const leaf = await authority.issueLeaf({ keySpec });
  const signer = localSigner({ privateKey: leaf.privateKeyPem, certificateChain: leaf.pem });
  const key = createPrivateKey(leaf.privateKeyPem);
  const raw = () => type === 'rsa' ? rawSign(hash, payload, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(hash.slice(3)) / 8 }) : rawSign(hash, payload, { key, dsaEncoding: 'ieee-p1363' });
  const alg = type === 'rsa' ? { name: 'RSA-PSS', hash: `SHA-${hash.slice(3)}` } : { name: 'ECDSA', namedCurve: algorithmOf(keySpec).curve as string };
  const ck = await crypto.subtle.importKey('pkcs8', key.export({ format: 'der', type: 'pkcs8' }), alg, false, ['sign']);
  const sub = () => crypto.subtle.sign(type === 'rsa' ? { name: 'RSA-PSS', saltLength: Number(hash.slice(3)) / 8 } : { name: 'ECDSA', hash: `SHA-${hash.slice(3)}` }, ck, payload);
  const bare = () => signer.sign({ payload, keySpec });
  const whole = () => signEnvelope(target, { signer, format: 'jws' });
  const r = [Infinity, Infinity, Infinity, Infinity];
  for (const f of [raw, sub, bare, whole]) await measure(2, 20, f);
  for (let t = 0; t < 8; t++) for (const [i, f] of [raw, sub, bare, whole].entries()) r[i] = Math.min(r[i] as number, await measure(3, 15, f));
  console.log(keySpec, 'raw sync', r[0]?.toFixed(0), 'subtle', r[1]?.toFixed(0), 'signer', r[2]?.toFixed(0), 'envelope', r[3]?.toFixed(0));
}
