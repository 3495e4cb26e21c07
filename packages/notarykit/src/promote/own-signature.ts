import { type GraphView, openGraph, type Referrer } from '@notarykit/artifact-graph/internal';
import { type CallOptions, equalBytes, isCodedError } from '@notarykit/common/internal';
import type { Descriptor, Repository } from '@notarykit/oci/internal';
import { PkiError } from '@notarykit/pki/internal';
import {
  type AuthorityRules,
  askSigner,
  authorityRules,
  buildSignatureManifest,
  checkedSigner,
  decodeEnvelope,
  EnvelopeError,
  parseSignatureManifest,
  type SignatureManifestForm,
  type Signer,
  signatureArtifactType,
  signedMetadata,
  type VerifiedEnvelope,
  verifyEnvelopeTimestamp,
  verifyIntegrity,
} from '@notarykit/signature-envelope/internal';
import { callOptions } from '../reference.js';
import type { SignOptions } from '../sign.js';

/** A signature that would be made now. */
export interface WantedSignature extends SignOptions {
  readonly signer: Signer;
  readonly now: Date;
}

interface Found {
  readonly form: SignatureManifestForm;
  readonly envelope: VerifiedEnvelope;
}

/**
 * A signature that this signer's key made of a subject before and that says and holds what the wanted one would: a second run finds
 * it and does not sign again. A signer that tells its chain only together with a signature is never found.
 */
export async function findOwnSignature(
  repository: Repository,
  subject: Descriptor,
  wanted: WantedSignature,
): Promise<Descriptor | undefined> {
  const call = callOptions(wanted);
  const { certificateChain } = await askSigner(
    async () => await checkedSigner(wanted.signer, wanted).describe(call),
    wanted.signal,
  );
  const leaf = certificateChain?.[0];
  if (leaf === undefined) return undefined;
  const view = openGraph(repository);
  for await (const referrer of view.referrers(subject, { ...call, artifactTypes: [signatureArtifactType] })) {
    const found = await readSignature(view, referrer, wanted);
    const { descriptor } = referrer;
    if (found === undefined || descriptor === undefined || !isOf(found.envelope, leaf, subject)) continue;
    if (!isBuiltSo(found, subject, descriptor) || !saysTheSame(found, wanted)) continue;
    if (await isStamped(found.envelope, wanted)) return descriptor;
  }
  return undefined;
}

function isOf({ certificateChain, targetArtifact }: VerifiedEnvelope, leaf: Uint8Array, subject: Descriptor): boolean {
  const [signed] = certificateChain;
  return (
    targetArtifact.digest === subject.digest &&
    targetArtifact.size === subject.size &&
    targetArtifact.mediaType === subject.mediaType &&
    signed !== undefined &&
    equalBytes(signed.der, leaf)
  );
}

/** The manifest is what would be written around this envelope: anyone who may push can put the envelope into a manifest with more in it. */
function isBuiltSo({ form, envelope }: Found, subject: Descriptor, { digest }: Descriptor): boolean {
  return form !== 'artifact' && buildSignatureManifest(subject, { envelope, form }).descriptor.digest === digest;
}

function saysTheSame({ form, envelope }: Found, wanted: WantedSignature) {
  const { format, manifestForm, expiry, now } = wanted;
  const metadata = signedMetadata(wanted);
  const { annotations = {} } = envelope.targetArtifact;
  const same =
    Object.keys(annotations).length === Object.keys(metadata).length &&
    Object.entries(metadata).every(([name, value]) => Object.hasOwn(annotations, name) && annotations[name] === value);
  const formed = (format ?? envelope.format) === envelope.format && (manifestForm ?? form) === form;
  return same && formed && endsAsAsked(envelope.signedAttributes.expiry, expiry, now);
}

/** The expiry is never later than the requested one; without a requested expiry there is none. */
function endsAsAsked(found: Date | undefined, asked: Date | undefined, now: Date): boolean {
  if (found === undefined || asked === undefined) return found === asked;
  return found > now && found <= asked;
}

/** Anybody can add bytes where a timestamp belongs: it counts when it is one of an authority that was asked for. */
async function isStamped(envelope: VerifiedEnvelope, wanted: WantedSignature): Promise<boolean> {
  const { timestamper, timestampRoots = [], now } = wanted;
  if (timestamper === undefined) return true;
  const { timestampSignature } = envelope.unsignedAttributes;
  if (timestampSignature === undefined) return false;
  try {
    const { hash } = envelope.algorithm;
    const rules = { roots: timestampRoots, hash, at: now, ...authorityRules(wanted) };
    await verifyEnvelopeTimestamp(timestampSignature, envelope.signature, rules);
    return true;
  } catch (error) {
    if (error instanceof PkiError || error instanceof EnvelopeError) return false;
    throw error;
  }
}

/** What cannot be read or does not hold is not a signature of ours; only a failure of the connection passes through. */
async function readSignature(
  view: GraphView,
  referrer: Referrer,
  options: CallOptions & AuthorityRules,
): Promise<Found | undefined> {
  const call = callOptions(options);
  try {
    if (referrer.kind === 'setAside') throw referrer.cause;
    const { fetched, descriptor } = referrer;
    const { form, envelope } = parseSignatureManifest(fetched.bytes, descriptor.mediaType);
    const bytes = await view.bytes(envelope, call);
    return {
      form,
      envelope: await verifyIntegrity(decodeEnvelope(bytes, envelope.mediaType), authorityRules(options)),
    };
  } catch (error) {
    if (referrer.kind === 'setAside' && referrer.reason !== 'unavailable') return undefined;
    if (isCodedError(error) && /^ERR_(OCI|ENVELOPE|CODEC|PKI)_/.test(error.code)) return undefined;
    throw error;
  }
}
