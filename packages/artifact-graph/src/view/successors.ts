import type { Descriptor, Manifest } from '@notarykit/oci/internal';

/** What a successor is to the manifest that names it. */
export type SuccessorRole = 'subject' | 'config' | 'layer' | 'manifest' | 'blob';

/** An edge of the graph: a descriptor inside a manifest. */
export interface Successor {
  readonly role: SuccessorRole;
  readonly descriptor: Descriptor;
}

/**
 * Everything a manifest names, in the order of the specification: the subject, then config and layers of an image, the
 * manifests of an index, or the blobs of a retired artifact manifest. Content that is not a manifest has no successors.
 *
 * @see image-spec, manifest.md and image-index.md
 *
 * @example
 * ```ts
 * const { manifest } = await fetchManifest(repository, await repository.resolve('v1'));
 * for (const { role, descriptor } of successors(manifest)) console.log(role, descriptor.digest);
 * ```
 */
export function successors(manifest: Manifest): readonly Successor[] {
  const subject = manifest.subject === undefined ? [] : [{ role: 'subject' as const, descriptor: manifest.subject }];
  return [...subject, ...content(manifest)];
}

function content(manifest: Manifest): readonly Successor[] {
  switch (manifest.kind) {
    case 'image':
      return [{ role: 'config', descriptor: manifest.config }, ...edges('layer', manifest.layers)];
    case 'index':
      return edges('manifest', manifest.manifests);
    case 'artifact':
      return edges('blob', manifest.blobs);
  }
}

function edges(role: SuccessorRole, descriptors: readonly Descriptor[]): readonly Successor[] {
  return descriptors.map((descriptor) => ({ role, descriptor }));
}
