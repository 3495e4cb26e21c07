import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes } from '@notarykit/oci';
import { buildSignatureManifest, type VerifiedEnvelope } from '@notarykit/signature-envelope';
import { createAuthority, type Issued } from '@notarykit/testing';
import { type Setup, signed } from './setup.js';

type Members = Record<string, unknown>;
type Layer = Descriptor & Members;

/** One referrer: its manifest as it is written, and the blobs that there are. */
export interface Referrer {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly blobs: readonly Uint8Array[];
}

/** Who signs the referrers of a scene. */
export interface Signers {
  readonly setup: Setup;
  readonly stranger: Issued;
}

export const createSigners = async (setup: Setup): Promise<Signers> => ({
  setup,
  stranger: await (await createAuthority({ name: 'Stranger' })).issueLeaf(),
});

/** What the referrers of an image are. */
export interface Scene {
  readonly referrers: (image: Descriptor, signers: Signers) => Promise<readonly Referrer[]>;
  readonly maxSignatures?: number;
  readonly rows?: readonly string[];
}

type Change = (manifest: Members, layer: Layer, image: Descriptor) => Members;
const ofLayer =
  (patch: Members): Change =>
  (manifest, layer) => ({ ...manifest, layers: [{ ...layer, ...patch }] });
const set =
  (patch: Members): Change =>
  (manifest) => ({ ...manifest, ...patch });
const form = 'legacy';

async function good(image: Descriptor, { setup }: Signers): Promise<VerifiedEnvelope> {
  return signed(setup, image);
}

async function strange(image: Descriptor, { stranger }: Signers): Promise<VerifiedEnvelope> {
  return signed({ leaf: stranger }, image);
}

/** A referrer with an envelope; the manifest changed, and the blob exchanged or left out. */
function referrer(
  image: Descriptor,
  envelope: VerifiedEnvelope,
  {
    change = (manifest) => manifest,
    blob,
    form: kind = form,
    mediaType = mediaTypes.imageManifest,
  }: ReferrerOptions = {},
): Referrer {
  const built = buildSignatureManifest(image, { envelope, form: kind });
  const manifest = JSON.parse(new TextDecoder().decode(built.bytes)) as Members;
  const [layer] = manifest['layers'] as [Layer];
  const bytes = utf8(JSON.stringify(change(manifest, layer, image)));
  const blobs = blob === null ? [] : [blob ?? built.envelope.bytes];
  return { bytes, mediaType, blobs: [...blobs, built.config.bytes] };
}

interface ReferrerOptions {
  readonly change?: Change;
  /** `null`: there is none. */
  readonly blob?: Uint8Array | null;
  readonly form?: 'artifactType' | 'legacy';
  readonly mediaType?: string;
}

const one = (options: ReferrerOptions): Scene => ({
  referrers: async (image, signers) => [referrer(image, await good(image, signers), options)],
});
const changed = (change: Change): Scene => one({ change });

/** The changed one first, then one that holds. */
const before = (options: ReferrerOptions): Scene => ({
  referrers: async (image, signers) => [
    referrer(image, await strange(image, signers), options),
    referrer(image, await good(image, signers)),
  ],
});

const times = (count: number, envelope: typeof good, maxSignatures: number): Scene => ({
  referrers: async (image, signers) => {
    const list: Referrer[] = [];
    for (let i = 0; i < count; i++)
      list.push(referrer(image, await envelope(image, signers), { change: set({ annotations: { n: String(i) } }) }));
    return list;
  },
  maxSignatures,
});

/** What referrers a registry or a layout may hold. */
export const scenes: Readonly<Record<string, Scene>> = {
  'one signature': one({}),
  'the current form': { ...one({ form: 'artifactType' }), rows: ['forms of the signature manifest'] },
  'no signature': { referrers: () => Promise.resolve([]) },
  'a signature of a stranger': times(1, strange, 100),
  'three of strangers, limit 2': times(3, strange, 2),
  'two of strangers, limit 3': times(2, strange, 3),
  'two that hold, limit 1': times(2, good, 1),
  'a stranger first': before({}),
  'an empty configuration type': changed(
    set({ config: { mediaType: mediaTypes.empty, digest: describe('', utf8('{}')).digest, size: 2 } }),
  ),
  'another configuration type': changed(
    set({ config: { mediaType: 'application/x', digest: describe('', utf8('{}')).digest, size: 2 } }),
  ),
  'another artifact type': changed(set({ artifactType: 'application/x' })),
  'no layers': changed(set({ layers: [] })),
  'two layers': changed((manifest, layer) => ({ ...manifest, layers: [layer, layer] })),
  'layers null': changed(set({ layers: null })),
  'layer of COSE': changed(ofLayer({ mediaType: 'application/cose' })),
  'layer of another type': changed(ofLayer({ mediaType: 'application/octet-stream' })),
  'layer type in upper case': changed(ofLayer({ mediaType: 'Application/JOSE+json' })),
  'layer with a wrong size': changed((manifest, layer) => ({
    ...manifest,
    layers: [{ ...layer, size: layer.size + 1 }],
  })),
  'layer of size 0': changed(ofLayer({ size: 0 })),
  'layer with annotations': changed(ofLayer({ annotations: { a: 'b' } })),
  'layer with URLs': changed(ofLayer({ urls: ['https://elsewhere.test/x'] })),
  'no subject': changed(set({ subject: undefined })),
  'subject of another size': changed((manifest, _, image) => ({
    ...manifest,
    subject: { ...image, size: image.size + 1 },
  })),
  'subject of another type': changed((manifest, _, image) => ({
    ...manifest,
    subject: { ...image, mediaType: mediaTypes.imageIndex },
  })),
  'no annotations': changed(set({ annotations: undefined })),
  'annotations of another chain': changed(
    set({ annotations: { 'io.cncf.notary.x509chain.thumbprint#S256': '["00"]' } }),
  ),
  'annotation that is not text': changed(set({ annotations: { a: 1 } })),
  'schema version 1': changed(set({ schemaVersion: 1 })),
  'no media type': changed(set({ mediaType: undefined })),
  'another media type': changed(set({ mediaType: 'application/x' })),
  'unknown members': changed(set({ more: { a: 1 } })),
  'manifest over 4 MiB': changed(set({ annotations: { a: 'x'.repeat(4_300_000) } })),
  'a missing envelope': one({ blob: null }),
  'an envelope that is another': one({ blob: utf8('x') }),
  'a missing envelope first': before({ blob: null }),
  'no layers first': before({ change: set({ layers: [] }) }),
  'two layers first': before({ change: (manifest, layer) => ({ ...manifest, layers: [layer, layer] }) }),
  'wrong size first': before({ change: ofLayer({ size: 7 }) }),
  'another layer type first': before({ change: ofLayer({ mediaType: 'text/plain' }) }),
  'no subject first': before({ change: set({ subject: undefined }) }),
};
