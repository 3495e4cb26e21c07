import type { GraphView, Referrer } from '@notarykit/artifact-graph/internal';
import { type CallOptions, defined, isCodedError, quote } from '@notarykit/common/internal';
import { type Descriptor, type Manifest, mediaTypes, sameContent } from '@notarykit/oci/internal';
import { parseSignatureManifest, signatureArtifactType } from '@notarykit/signature-envelope/internal';
import type { SignatureCandidate } from '@notarykit/trust-policy/internal';

type Vetted = Extract<Referrer, { kind: 'referrer' }>;
type SetAside = Extract<Referrer, { kind: 'setAside' }>;

/**
 * What a repository lists as signatures of an artifact, for `decideTrust`: each manifest and envelope is fetched when its turn comes.
 * The list is not taken at its word: a manifest must be of a form of the specification, and name the artifact by type, digest and size.
 *
 * @throws what the repository says when the list itself cannot be read to its end
 */
export async function* signaturesOf(
  view: GraphView,
  subject: Descriptor,
  call: CallOptions = {},
): AsyncGenerator<SignatureCandidate, void, void> {
  for await (const referrer of view.referrers(subject, {
    ...call,
    artifactTypes: [signatureArtifactType],
    others: true,
  }))
    yield referrer.kind === 'setAside' ? passedOver(referrer, subject) : await read(view, subject, referrer, call);
}

function passedOver({ descriptor, reason, cause, named }: SetAside, { digest }: Descriptor): SignatureCandidate {
  const { code, message } = cause;
  if (descriptor !== undefined && (reason === 'subjectMismatch' || reason === 'noSubject')) {
    const found = defined({ found: named });
    return {
      kind: 'notASignature',
      manifest: descriptor,
      fact: { fact: 'subjectMismatch', expected: digest, ...found },
    };
  }
  if (descriptor !== undefined && reason === 'notAManifest')
    return { kind: 'notASignature', manifest: descriptor, fact: { fact: 'notSignature', reason: message } };
  return { kind: 'unreadable', ...(descriptor && { manifest: descriptor }), code, message };
}

async function read(
  view: GraphView,
  artifact: Descriptor,
  { descriptor: manifest, fetched }: Vetted,
  call: CallOptions,
): Promise<SignatureCandidate> {
  const fact = mismatchOf(fetched.manifest, artifact);
  if (fact !== undefined) return { kind: 'notASignature', manifest, fact };
  try {
    const { maxBlobBytes: maxEnvelopeSize } = view.limits;
    const { envelope } = parseSignatureManifest(fetched.bytes, manifest.mediaType, { maxEnvelopeSize });
    return { kind: 'envelope', manifest, mediaType: envelope.mediaType, bytes: await view.bytes(envelope, call) };
  } catch (error) {
    call.signal?.throwIfAborted();
    return { kind: 'unreadable', manifest, ...problemOf(error) };
  }
}

/** Code and message of anything that was thrown: an adapter of others may throw what it likes. */
function problemOf(error: unknown): { readonly code: string; readonly message: string } {
  if (isCodedError(error)) return { code: error.code, message: error.message };
  return { code: 'ERR_UNKNOWN', message: error instanceof Error ? error.message : String(error) };
}

type Mismatch = Extract<SignatureCandidate, { kind: 'notASignature' }>['fact'];

/** Why a referrer is not a signature of an artifact, if so. */
function mismatchOf(manifest: Manifest, artifact: Descriptor): Mismatch | undefined {
  const { subject } = manifest;
  if (subject === undefined || !sameContent(subject, artifact)) {
    const found = subject === undefined ? {} : { found: subject.digest };
    return { fact: 'subjectMismatch', expected: artifact.digest, ...found };
  }
  if (isSignatureForm(manifest)) return undefined;
  const type = quote(manifest.artifactType ?? 'none');
  return { fact: 'notSignature', reason: `a manifest with artifact type ${type} is not one` };
}

/** The two forms of the specification, and the retired artifact manifest, which is read. */
function isSignatureForm(manifest: Manifest): boolean {
  const { artifactType } = manifest;
  if (manifest.kind === 'artifact') return artifactType === signatureArtifactType;
  if (manifest.kind === 'index') return false;
  if (artifactType === undefined) return manifest.config.mediaType === signatureArtifactType;
  return artifactType === signatureArtifactType && manifest.config.mediaType === mediaTypes.empty;
}
