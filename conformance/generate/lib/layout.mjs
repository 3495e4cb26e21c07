// An artifact and its signatures as an OCI image layout (image-spec, image-layout.md).
import { bytes, digestOf, hash } from './bytes.mjs';

export const manifestType = 'application/vnd.oci.image.manifest.v1+json';
export const indexType = 'application/vnd.oci.image.index.v1+json';
export const emptyType = 'application/vnd.oci.empty.v1+json';
export const signatureType = 'application/vnd.cncf.notary.signature';

export const describe = (mediaType, content, more = {}) => ({
  mediaType,
  digest: digestOf(content),
  size: content.length,
  ...more,
});

const empty = Buffer.from('{}');
export const emptyDescriptor = describe(emptyType, empty);

/** The artifact that all cases are about: a manifest with one small layer. */
export function artifact(says = 'the artifact of the conformance kit') {
  const document = {
    schemaVersion: 2,
    mediaType: manifestType,
    artifactType: 'application/vnd.example.kit',
    config: emptyDescriptor,
    layers: [emptyDescriptor],
    annotations: { 'org.example.says': says },
  };
  const content = bytes(JSON.stringify(document));
  return { content, descriptor: describe(manifestType, content) };
}

/** The manifest of a signature in either form; `change` works on the document. */
export function signatureManifest(subject, envelope, mediaType, chain, { form = 'artifactType', change } = {}) {
  const thumbprints = JSON.stringify(chain.map((der) => hash('sha256', der).toString('hex')));
  const document = {
    schemaVersion: 2,
    mediaType: manifestType,
    ...(form === 'artifactType' ? { artifactType: signatureType } : {}),
    config: form === 'artifactType' ? emptyDescriptor : { ...emptyDescriptor, mediaType: signatureType },
    layers: [describe(mediaType, envelope)],
    subject,
    annotations: {
      'io.cncf.notary.x509chain.thumbprint#S256': thumbprints,
      'org.opencontainers.image.created': '2025-06-01T00:00:00Z',
    },
  };
  const changed = change?.(document) ?? document;
  return bytes(typeof changed === 'string' ? changed : JSON.stringify(changed));
}

/** The artifact type that a list of referrers shows (image-spec, "Image Index"): that of the manifest, or its configuration's. */
export function artifactTypeOf(content) {
  try {
    const { artifactType, config } = JSON.parse(content.toString());
    return artifactType === undefined && config === undefined ? {} : { artifactType: artifactType ?? config.mediaType };
  } catch {
    return {};
  }
}

/**
 * The files of a layout. `manifests`: `{ content, mediaType, tag }` in the order of `index.json`; `blobs`: what they
 * refer to; `leaveOut`: digests of blobs that are missing.
 */
export function layoutFiles({ manifests, blobs = [], leaveOut = [] }) {
  const entries = manifests
    .filter(({ listed = true }) => listed)
    .map(({ content, mediaType = manifestType, tag }) => ({
      ...describe(mediaType, content),
      ...(tag === undefined ? artifactTypeOf(content) : {}),
      ...(tag === undefined ? {} : { annotations: { 'org.opencontainers.image.ref.name': tag } }),
    }));
  const contents = [...manifests.map(({ content }) => content), ...blobs, empty];
  return {
    'layout/oci-layout': bytes(JSON.stringify({ imageLayoutVersion: '1.0.0' })),
    'layout/index.json': bytes(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: entries })),
    ...Object.fromEntries(
      contents
        .filter((content) => !leaveOut.includes(digestOf(content)))
        .map((content) => [`layout/blobs/sha256/${digestOf(content).slice(7)}`, content]),
    ),
  };
}
