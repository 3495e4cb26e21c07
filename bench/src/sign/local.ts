import { createPrivateKey } from 'node:crypto';
import { localSigner } from '@notarykit/kms-providers/local';
import { verifyRaw } from '@notarykit/pki/internal';
import { algorithmOf, decodeEnvelope, type KeySpec, type Signer, signEnvelope } from '@notarykit/signature-envelope';
import { signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { createAuthority, type Issued } from '@notarykit/testing';
import { inTurns, report } from './measure.js';

const target = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 528,
};
const payload = new Uint8Array(700).fill(7);

/** The call that every signature ends in, with nothing around it. */
async function rawSign(leaf: Issued, keySpec: KeySpec): Promise<() => Promise<unknown>> {
  const { type, hash: name, curve = '', saltLength } = algorithmOf(keySpec);
  const hash = `SHA-${name.slice(3)}`;
  const der = createPrivateKey(leaf.privateKeyPem).export({ format: 'der', type: 'pkcs8' });
  const kind = type === 'rsa' ? { name: 'RSA-PSS', hash } : { name: 'ECDSA', namedCurve: curve };
  const key = await crypto.subtle.importKey('pkcs8', der, kind, false, ['sign']);
  const parameters = type === 'rsa' ? { name: 'RSA-PSS', saltLength } : { name: 'ECDSA', hash };
  return () => crypto.subtle.sign(parameters, key, payload);
}

/** One verification of what the signer made, with the key at hand. */
async function rawVerify(signer: Signer, keySpec: KeySpec): Promise<() => Promise<unknown>> {
  const { envelope, mediaType } = await signEnvelope(target, { signer });
  const { certificateChain, signedBytes, signature } = decodeEnvelope(envelope, mediaType);
  const { type, hash } = algorithmOf(keySpec);
  const scheme = type === 'rsa' ? 'rsassa-pss' : 'ecdsa';
  const publicKey = (certificateChain[0] as (typeof certificateChain)[number]).publicKey;
  return () => verifyRaw({ publicKey, scheme, hash, data: signedBytes, signature });
}

/** What the signer adds to the raw call, and what the whole envelope with all its checks costs. */
export async function local(): Promise<void> {
  const authority = await createAuthority();
  for (const { keySpec } of signatureAlgorithms) {
    const leaf = await authority.issueLeaf({ keySpec });
    const signer = localSigner({ privateKey: leaf.privateKeyPem, certificateChain: leaf.pem });
    const [raw, ours, verify, envelope] = (await inTurns(12, [
      await rawSign(leaf, keySpec),
      () => signer.sign({ payload, keySpec }),
      await rawVerify(signer, keySpec),
      () => signEnvelope(target, { signer }),
    ])) as [number, number, number, number];
    report(`local.${keySpec}`, ours / raw, '<= 1.3 x the raw sign call');
    report(`envelope.${keySpec}`, envelope / (raw + 2 * verify), '<= 2 x a raw sign and two raw verifies');
  }
}
