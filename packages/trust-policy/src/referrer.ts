import { quote } from '@notarykit/common';
import { type Descriptor, type Manifest, mediaTypes, sameContent } from '@notarykit/oci';
import { signatureArtifactType } from '@notarykit/signature-envelope';
import type { Fact } from './report/facts.js';

/** Why a referrer is no signature of an artifact, if so: the registry's list is not taken at its word. */
export function foreign(manifest: Manifest, artifact: Descriptor): Fact | undefined {
  const { subject } = manifest;
  if (subject === undefined || !sameContent(subject, artifact)) {
    return {
      fact: 'subjectMismatch',
      expected: artifact.digest,
      ...(subject === undefined ? {} : { found: subject.digest }),
    };
  }
  if (isSignatureForm(manifest)) return undefined;
  return {
    fact: 'notSignature',
    reason: `a manifest with artifact type ${quote(manifest.artifactType ?? 'none')} is not one`,
  };
}

/** The two forms of the specification, and the retired artifact manifest, which is read. */
function isSignatureForm(manifest: Manifest): boolean {
  const { artifactType } = manifest;
  if (manifest.kind === 'artifact') return artifactType === signatureArtifactType;
  if (manifest.kind === 'index') return false;
  if (artifactType === undefined) return manifest.config.mediaType === signatureArtifactType;
  return artifactType === signatureArtifactType && manifest.config.mediaType === mediaTypes.empty;
}
