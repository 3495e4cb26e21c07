import { type CallOptions, equalBytes, isCodedError } from '@notarykit/common';
import { type Descriptor, fetchBytes, type Repository } from '@notarykit/oci';
import {
  decodeEnvelope,
  parseSignatureManifest,
  type Signer,
  signatureArtifactType,
  type VerifiedEnvelope,
  verifyIntegrity,
} from '@notarykit/signature-envelope';

/**
 * A signature that this signer's key made of a subject before and that still holds: a second run finds it and does not sign
 * again. A signer that tells its chain only together with a signature is never found.
 */
export async function findOwnSignature(
  repository: Repository,
  subject: Descriptor,
  signer: Signer,
  options: CallOptions & { readonly now: Date; readonly timestamped: boolean },
): Promise<Descriptor | undefined> {
  const { certificateChain } = await signer.describe(options);
  const leaf = certificateChain?.[0];
  if (leaf === undefined) return undefined;
  for await (const referrer of repository.referrers(subject, { ...options, artifactType: signatureArtifactType })) {
    const envelope = await readEnvelope(repository, referrer, options);
    if (envelope !== undefined && isOwn(envelope, leaf, subject, options)) return referrer;
  }
  return undefined;
}

function isOwn(
  { certificateChain, targetArtifact, signedAttributes, unsignedAttributes }: VerifiedEnvelope,
  leaf: Uint8Array,
  subject: Descriptor,
  { now, timestamped }: { readonly now: Date; readonly timestamped: boolean },
): boolean {
  const [signed] = certificateChain;
  const same =
    targetArtifact.digest === subject.digest &&
    targetArtifact.size === subject.size &&
    targetArtifact.mediaType === subject.mediaType;
  const fresh = signedAttributes.expiry === undefined || signedAttributes.expiry > now;
  const stamped = !timestamped || unsignedAttributes.timestampSignature !== undefined;
  return same && fresh && stamped && signed !== undefined && equalBytes(signed.der, leaf);
}

/** What cannot be read or does not hold is no signature of ours; only a failure of the connection passes through. */
async function readEnvelope(
  repository: Repository,
  referrer: Descriptor,
  options: CallOptions,
): Promise<VerifiedEnvelope | undefined> {
  try {
    const manifest = parseSignatureManifest(await fetchBytes(repository, referrer, options), referrer.mediaType);
    const bytes = await fetchBytes(repository, manifest.envelope, options);
    return await verifyIntegrity(decodeEnvelope(bytes, manifest.envelope.mediaType));
  } catch (error) {
    if (isCodedError(error) && /^ERR_(OCI|ENVELOPE|CODEC|PKI)_/.test(error.code)) return undefined;
    throw error;
  }
}
