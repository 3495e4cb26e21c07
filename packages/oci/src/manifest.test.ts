import { utf8 } from '@notarykit/common';
import { expect, it, describe as suite } from 'vitest';
import { type Digest, digestOf, parseDigest } from './digest.js';
import { artifactTypeOf, parseManifest } from './manifest.js';
import { mediaTypes } from './media-types.js';

const config = { mediaType: mediaTypes.empty, digest: digestOf(utf8('{}')), size: 2 };
const image = { schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers: [config] };
const parse = (document: unknown, mediaType: string = mediaTypes.imageManifest) =>
  parseManifest(utf8(typeof document === 'string' ? document : JSON.stringify(document)), mediaType);
const code = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
  return 'accepted';
};

suite('parseManifest', () => {
  it('reads an image manifest', () => {
    const manifest = parse({ ...image, subject: config, annotations: { a: 'b' }, unknown: 1 });
    expect(manifest).toMatchObject({ kind: 'image', subject: config, layers: [config] });
    expect(artifactTypeOf(manifest)).toBe(mediaTypes.empty);
  });

  it.each([undefined, null, []])('reads layers that are %s as an empty list', (layers) => {
    expect(parse({ ...image, layers })).toMatchObject({ kind: 'image', layers: [] });
  });

  it('reads an index, a Docker list and an artifact manifest', () => {
    expect(parse({ schemaVersion: 2, manifests: [config] }, mediaTypes.imageIndex).kind).toBe('index');
    const list = { schemaVersion: 2, mediaType: mediaTypes.dockerManifestList, manifests: [] };
    expect(parse(list, mediaTypes.dockerManifestList).kind).toBe('index');
    expect(parse({ artifactType: 'a/b', blobs: [config] }, mediaTypes.ociArtifact).kind).toBe('artifact');
  });

  it.each<[string, unknown, string?]>([
    ['P5 a document that is manifest and index', { ...image, manifests: [] }],
    ['P5 an index with layers', { schemaVersion: 2, manifests: [], layers: [] }, mediaTypes.imageIndex],
    [
      'P5 a Docker document that does not name its type',
      { schemaVersion: 2, manifests: [] },
      mediaTypes.dockerManifestList,
    ],
    ['P5 the Docker twin of its type inside', { ...image, mediaType: mediaTypes.dockerManifest }],
    ['P5 another media type inside', { ...image, mediaType: mediaTypes.imageIndex }],
    ['J1 a duplicate member', '{"schemaVersion":2,"schemaVersion":2}'],
    ['J2 a member in other case', { ...image, Layers: [] }],
    ['J7 a fraction as size', { ...image, layers: [{ ...config, size: 1.5 }] }],
    ['J7 a negative size', { ...image, layers: [{ ...config, size: -1 }] }],
    ['P2 a digest in upper case', { ...image, config: { ...config, digest: config.digest.toUpperCase() } }],
    ['P2 a short digest', { ...image, config: { ...config, digest: 'sha256:abc' } }],
    ['P2 a digest that is none', { ...image, config: { ...config, digest: 'md5:a/b' } }],
    ['no config', { ...image, config: undefined }],
    ['layers that are not an array', { ...image, layers: {} }],
    ['schema version 1', { ...image, schemaVersion: 1 }],
    ['an array', []],
    ['annotations that are not text', { ...image, annotations: { a: 1 } }],
  ])('refuses %s', (_, document, mediaType) => {
    expect(code(() => parse(document, mediaType))).toBe('ERR_OCI_INVALID');
  });

  it('P2 reads content of an unknown algorithm, which nothing can fetch', () => {
    const digest: Digest = `md5:${'a'.repeat(32)}`;
    const manifest = parse({ ...image, config: { ...config, digest } });
    expect(manifest.kind === 'image' && manifest.config.digest).toBe(digest);
    expect(code(() => parseDigest(digest))).toBe('ERR_OCI_UNSUPPORTED');
  });

  it('refuses more than it may read', () => {
    expect(code(() => parseManifest(new Uint8Array(4 * 1024 * 1024 + 1), mediaTypes.imageManifest))).toBe(
      'ERR_OCI_TOO_LARGE',
    );
    expect(code(() => parse({ schemaVersion: 2, manifests: Array(10_001).fill(config) }, mediaTypes.imageIndex))).toBe(
      'ERR_OCI_LIMIT',
    );
    expect(code(() => parse(image, 'application/json'))).toBe('ERR_OCI_UNSUPPORTED');
  });
});
