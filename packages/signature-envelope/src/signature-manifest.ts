import { type Bytes, formatTime, isJsonArray, parseJson, quote, utf8 } from '@notarykit/common/internal';
import {
  type Annotations,
  type ArtifactManifest,
  type Descriptor,
  describe,
  type ImageManifest,
  mediaTypes,
  OciError,
  parseManifest,
} from '@notarykit/oci/internal';
import type { VerifiedEnvelope } from './envelope.js';
import { envelopeMediaTypes } from './envelope.js';

/** Artifact type of a Notary signature, and media type of its config in the legacy form. */
export const signatureArtifactType = 'application/vnd.cncf.notary.signature';

/** Annotations that a signature manifest carries. They inform; nothing is selected or trusted by them. */
export const manifestAnnotations = {
  thumbprints: 'io.cncf.notary.x509chain.thumbprint#S256',
  created: 'org.opencontainers.image.created',
} as const;

/**
 * `artifactType` is the current form, `legacy` names the type in the config (OCI 1.0 registries, and readers of notation 1.3
 * in OCI layouts), `artifact` is a retired artifact manifest, which is read and never written.
 */
export type SignatureManifestForm = 'artifactType' | 'legacy' | 'artifact';

/** Options of {@link buildSignatureManifest}. */
export interface BuildSignatureManifestOptions {
  readonly envelope: VerifiedEnvelope;
  /** Default `artifactType`. */
  readonly form?: Exclude<SignatureManifestForm, 'artifact'>;
  /** More annotations, for example those of an envelope-making signer; the two of the specification win. */
  readonly annotations?: Annotations;
}

/** A piece of content to push. */
export interface ManifestContent {
  readonly descriptor: Descriptor;
  readonly bytes: Bytes;
}

/** A signature manifest and the blobs that it names; push the blobs first. */
export interface BuiltSignatureManifest extends ManifestContent {
  readonly envelope: ManifestContent;
  readonly config: ManifestContent;
}

/**
 * The manifest that attaches an envelope to its subject (signature-specification.md, "OCI Signatures"), byte for byte as notation
 * writes it: created at the signing time, so the same envelope gives the same digest.
 */
export function buildSignatureManifest(
  subject: Descriptor,
  options: BuildSignatureManifestOptions,
): BuiltSignatureManifest {
  const { form = 'artifactType', envelope } = options;
  const layer = contentOf(envelopeMediaTypes[envelope.format], envelope.bytes);
  const config = contentOf(form === 'legacy' ? signatureArtifactType : mediaTypes.empty, utf8('{}'));
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.imageManifest,
    ...(form === 'legacy' ? {} : { artifactType: signatureArtifactType }),
    config: form === 'legacy' ? config.descriptor : { ...config.descriptor, data: 'e30=' },
    layers: [layer.descriptor],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    annotations: annotationsOf(envelope, options.annotations ?? {}),
  };
  return { ...contentOf(mediaTypes.imageManifest, utf8(JSON.stringify(manifest))), envelope: layer, config };
}

function contentOf(mediaType: string, bytes: Bytes): ManifestContent {
  return { descriptor: describe(mediaType, bytes), bytes };
}

function annotationsOf(envelope: VerifiedEnvelope, more: Annotations): Annotations {
  const { signingTime, authenticSigningTime } = envelope.signedAttributes;
  const annotations = {
    ...more,
    [manifestAnnotations.thumbprints]: JSON.stringify(envelope.certificateChain.map(({ fingerprint }) => fingerprint)),
    [manifestAnnotations.created]: formatTime((signingTime ?? authenticSigningTime) as Date),
  };
  return Object.fromEntries(Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a signature manifest says. */
export interface SignatureManifest {
  readonly form: SignatureManifestForm;
  /** The manifest that was signed, by this manifest's word. */
  readonly subject: Descriptor;
  /** Media type, digest and size of the envelope: `urls` and `data` of the layer are never followed or used. */
  readonly envelope: Descriptor;
  /** Lower-case hex SHA-256 of the chain's certificates, if the annotation holds some. Informative: it may lie. */
  readonly thumbprints: readonly string[];
  readonly annotations: Annotations;
}

/** Options of {@link parseSignatureManifest}. */
export interface ParseSignatureManifestOptions {
  /** Most bytes that the envelope may have by its descriptor. Default 4 MiB. */
  readonly maxEnvelopeSize?: number;
}

/**
 * Reads a signature manifest in any of its three forms.
 *
 * @throws {OciError} `ERR_OCI_INVALID` when it is not a signature manifest, has no subject, or not exactly one envelope;
 *   `ERR_OCI_TOO_LARGE` when the envelope is too large to look at
 */
export function parseSignatureManifest(
  bytes: Uint8Array,
  mediaType: string,
  options: ParseSignatureManifestOptions = {},
): SignatureManifest {
  const manifest = parseManifest(bytes, mediaType);
  if (manifest.kind === 'index') throw new OciError('ERR_OCI_INVALID', 'expected a signature manifest, found an index');
  const form = formOf(manifest);
  if (manifest.subject === undefined)
    throw new OciError('ERR_OCI_INVALID', 'expected a signature manifest with a subject, found none');
  const annotations = manifest.annotations ?? {};
  const envelope = envelopeOf(manifest, options.maxEnvelopeSize ?? 4 * 1024 * 1024);
  return { form, subject: manifest.subject, envelope, thumbprints: thumbprintsOf(annotations), annotations };
}

function formOf(manifest: ImageManifest | ArtifactManifest): SignatureManifestForm {
  const { artifactType } = manifest;
  if (manifest.kind === 'artifact') {
    if (artifactType === signatureArtifactType) return 'artifact';
    throw notSignature(`artifact type ${quote(artifactType ?? '')}`);
  }
  const config = manifest.config.mediaType;
  if (artifactType === signatureArtifactType && config === mediaTypes.empty) return 'artifactType';
  if (artifactType === undefined && config === signatureArtifactType) return 'legacy';
  throw notSignature(`artifact type ${quote(artifactType ?? '')} with config type ${quote(config)}`);
}

function notSignature(found: string): OciError {
  return new OciError('ERR_OCI_INVALID', `expected a manifest of type "${signatureArtifactType}", found ${found}`);
}

function envelopeOf(manifest: ImageManifest | ArtifactManifest, limit: number): Descriptor {
  const blobs = manifest.kind === 'artifact' ? manifest.blobs : manifest.layers;
  const [blob] = blobs;
  if (blob === undefined || blobs.length !== 1)
    throw new OciError('ERR_OCI_INVALID', `a signature manifest has exactly one envelope, found ${blobs.length}`);
  if (blob.size > limit)
    throw new OciError(
      'ERR_OCI_TOO_LARGE',
      `envelope ${blob.digest}: expected at most ${limit} bytes, found ${blob.size}`,
    );
  return { mediaType: blob.mediaType, digest: blob.digest, size: blob.size };
}

/** A claim by the pusher of the manifest: an unreadable one counts as absent. */
function thumbprintsOf(annotations: Annotations): readonly string[] {
  try {
    const list = parseJson(annotations[manifestAnnotations.thumbprints] ?? '[]', { maxDepth: 1 });
    return isJsonArray(list) ? list.filter((item) => typeof item === 'string').map((item) => item.toLowerCase()) : [];
  } catch {
    return [];
  }
}
