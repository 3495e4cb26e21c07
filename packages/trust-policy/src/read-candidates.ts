import type { CallOptions } from '@notarykit/common';
import { type Descriptor, fetchBytes, parseManifest, type Repository } from '@notarykit/oci';
import { parseSignatureManifest, signatureArtifactType } from '@notarykit/signature-envelope';
import type { SignatureCandidate } from './candidate.js';
import { foreign } from './referrer.js';
import { errorFact } from './report/error-fact.js';

/** Most bytes of an envelope that is fetched: 4 MiB. */
const maxEnvelopeSize = 4 * 1024 * 1024;

/** What a repository lists as signatures of an artifact, each read when its turn comes. */
export async function* readCandidates(
  repository: Repository,
  artifact: Descriptor,
  call: CallOptions,
): AsyncGenerator<SignatureCandidate> {
  for await (const referrer of repository.referrers(artifact, { ...call, artifactType: signatureArtifactType }))
    yield await read(repository, artifact, referrer, call);
}

async function read(
  repository: Repository,
  artifact: Descriptor,
  manifest: Descriptor,
  call: CallOptions,
): Promise<SignatureCandidate> {
  try {
    const bytes = await fetchBytes(repository, manifest, call);
    const fact = foreign(parseManifest(bytes, manifest.mediaType), artifact);
    if (fact !== undefined) return { kind: 'notASignature', manifest, fact };
    const { envelope } = parseSignatureManifest(bytes, manifest.mediaType, { maxEnvelopeSize });
    const content = await fetchBytes(repository, envelope, { limit: maxEnvelopeSize, ...call });
    return { kind: 'envelope', manifest, mediaType: envelope.mediaType, bytes: content };
  } catch (error) {
    call.signal?.throwIfAborted();
    return { kind: 'unreadable', manifest, ...errorFact(error) };
  }
}
