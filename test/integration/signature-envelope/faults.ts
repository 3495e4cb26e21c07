import type { Certificate } from '@notarykit/pki';
import { parsePublicKey } from '@notarykit/pki/internal';
import { decodeEnvelope, signEnvelope, type UnverifiedEnvelope } from '@notarykit/signature-envelope';
import { createAuthority } from '@notarykit/testing';

/** One thing that is wrong with an envelope, and how its refusal reads. */
export interface Fault {
  readonly name: string;
  readonly code: string;
  readonly message: RegExp;
  readonly spoil: (envelope: UnverifiedEnvelope) => UnverifiedEnvelope;
}

const payloadType = 'application/vnd.cncf.notary.payload.v1+json';
const target = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 3,
} as const;

/** An envelope of a chain of four, the costly keys in all places. */
export async function soundEnvelope(): Promise<UnverifiedEnvelope> {
  const authority = await createAuthority({ keySpec: 'EC-384', intermediates: 2 });
  const { signer } = await authority.issueLeaf({ keySpec: 'EC-384' });
  const { envelope } = await signEnvelope(target, { signer });
  return decodeEnvelope(envelope, 'application/jose+json');
}

const flipped = (bytes: Uint8Array): typeof bytes => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte));

const certificate =
  (at: number, change: (certificate: Certificate) => Partial<Certificate>): Fault['spoil'] =>
  (envelope) => ({
    ...envelope,
    certificateChain: envelope.certificateChain.map((one, i) => (i === at ? { ...one, ...change(one) } : one)),
  });

const signatureOf = (at: number): Fault['spoil'] =>
  certificate(at, ({ signature }) => ({ signature: flipped(signature) as Certificate['signature'] }));

const chain = (name: string, message: RegExp, spoil: Fault['spoil']): Fault => ({
  name,
  code: 'ERR_ENVELOPE_CHAIN',
  message,
  spoil,
});

const plainUsage = certificate(3, () => ({
  keyUsage: { critical: false, usages: new Set(['keyCertSign', 'cRLSign'] as const) },
}));

/** In the order in which they are reported: with several, the first. */
export const faults: readonly Fault[] = [
  {
    name: 'key of the leaf',
    code: 'ERR_PKI_KEY',
    message: /cannot be imported/,
    spoil: certificate(0, ({ publicKey }) => ({ publicKey: parsePublicKey(flipped(publicKey.der)) })),
  },
  {
    name: 'signature of the envelope',
    code: 'ERR_ENVELOPE_INTEGRITY',
    message: /does not match the key of the leaf certificate/,
    spoil: (envelope) => ({ ...envelope, signature: flipped(envelope.signature) as UnverifiedEnvelope['signature'] }),
  },
  {
    name: 'content type',
    code: 'ERR_ENVELOPE_MALFORMED',
    message: new RegExp(`content type: expected "${payloadType.replace(/[.+]/g, '\\$&')}"`),
    spoil: (envelope) => ({
      ...envelope,
      signedAttributes: { ...envelope.signedAttributes, contentType: 'text/plain' },
    }),
  },
  chain(
    'serial number of the root',
    /Root.*has a negative serial number/,
    certificate(3, () => ({ isSerialNumberNegative: true })),
  ),
  chain('signature of the leaf', /Signer.*is not issued by the next certificate/, signatureOf(0)),
  chain(
    'key usage of the leaf',
    /Signer.*has no key usage/,
    certificate(0, () => ({ keyUsage: undefined as never })),
  ),
  chain('signature of the second', /Intermediate 2.*is not issued by the next certificate/, signatureOf(1)),
  chain(
    'basic constraints of the second',
    /Intermediate 2.*basic constraints are not critical/,
    certificate(1, () => ({ basicConstraints: { ca: true, critical: false } })),
  ),
  chain('signature of the third', /Intermediate 1.*is not issued by the next certificate/, signatureOf(2)),
  chain('signature of the root', /Root.*a chain ends with a self-signed root/, signatureOf(3)),
  chain('key usage of the root', /Root.*key usage is not critical/, plainUsage),
  {
    name: 'payload',
    code: 'ERR_ENVELOPE_MALFORMED',
    message: /./,
    spoil: (envelope) => ({ ...envelope, payload: new TextEncoder().encode('{}') as UnverifiedEnvelope['payload'] }),
  },
];

/** Every set of one to three faults, in their order. */
export function someOfThem(): readonly (readonly Fault[])[] {
  return faults.flatMap((first, i) =>
    faults.slice(i).flatMap((second, j) => faults.slice(i + j).map((third) => [...new Set([first, second, third])])),
  );
}
