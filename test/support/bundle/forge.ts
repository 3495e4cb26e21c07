import { parseJson, utf8 } from '@notarykit/common';
import { type Descriptor, type Digest, describe } from '@notarykit/oci';
import {
  buildIndexDocument,
  buildTarEntry,
  parseIndexDocument,
  readTarMembers,
  tarEnd,
  tarPadding,
  tarStream,
} from '@notarykit/oci/internal';

/** A member to write, of any kind and name: what no honest writer makes. */
export interface ForgedMember {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Type flag of the header, `0` for a file. */
  readonly flag?: string;
}

/** The files of an archive by name. */
export type Files = Map<string, Uint8Array>;

export async function openFiles(archive: Uint8Array): Promise<Files> {
  const stream = tarStream(new Blob([archive as BlobPart]).stream());
  const files: Files = new Map();
  for await (const { name, type, size } of readTarMembers(stream))
    if (type === 'file') files.set(name, new Uint8Array(await stream.read(size)));
  return files;
}

export function sealFiles(files: Files, more: readonly ForgedMember[] = []): Uint8Array {
  const members = [...[...files].map(([name, bytes]) => ({ name, bytes })), ...more];
  const parts = members.flatMap((member) => [header(member), member.bytes, tarPadding(member.bytes.length)]);
  return new Uint8Array(Buffer.concat([...parts, tarEnd()]));
}

/** A header whose type may be a link's; the checksum holds. */
function header({ name, bytes, flag = '0' }: ForgedMember): Uint8Array {
  const block = buildTarEntry({ name, type: 'file', mode: 0o644, size: bytes.length });
  block[156] = flag.charCodeAt(0);
  block.set(utf8('        '), 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(utf8(`${sum.toString(8).padStart(6, '0')}\u0000 `), 148);
  return block;
}

export const blobName = ({ digest }: Pick<Descriptor, 'digest'>): string => `blobs/${digest.replace(':', '/')}`;

interface ForgedPart {
  mediaType: string;
  digest: Digest;
  size: number;
}

interface ForgedArtifact extends ForgedPart {
  repository: string;
  tag?: string;
  referrers: AtLeastOne<ForgedPart>;
}

interface ForgedAnswer {
  method: string;
  url: string;
  certId?: string;
  digest: Digest;
}

type AtLeastOne<T> = [T, ...T[]];

/** The document of a bundle, every member to be changed; what a forger writes in their place need not be of their type. */
export interface ForgedDocument {
  version: string;
  policy: string;
  content: boolean;
  artifacts: AtLeastOne<ForgedArtifact>;
  evidence: AtLeastOne<ForgedAnswer>;
}

/** What a forger may change: the document, and the list of parts. */
export interface Insides {
  document: ForgedDocument;
  layers: Descriptor[];
}

/** Changes a bundle from inside, with every digest made to fit again; bytes that `change` gives stand for the document. */
export async function forge(
  archive: Uint8Array,
  change: (insides: Insides, files: Files) => unknown,
): Promise<Uint8Array> {
  const files = await openFiles(archive);
  const entries = parseIndexDocument(files.get('index.json') as Uint8Array);
  const entry = entries.find(
    ({ annotations }) => annotations?.['org.opencontainers.image.ref.name'] === 'notarykit-bundle',
  );
  if (entry === undefined) throw new Error('no bundle');
  const manifest = json(files.get(blobName(entry))) as { layers: Descriptor[] };
  const [first, ...layers] = manifest.layers;
  const insides: Insides = { document: json(files.get(blobName(first as Descriptor))) as ForgedDocument, layers };
  const raw = change(insides, files);
  const document = raw instanceof Uint8Array ? raw : utf8(JSON.stringify(insides.document));
  const described = describe((first as Descriptor).mediaType, document);
  files.set(blobName(described), document);
  const bytes = utf8(JSON.stringify({ ...manifest, layers: [described, ...insides.layers] }));
  const made = { ...describe(entry.mediaType, bytes), annotations: entry.annotations ?? {} };
  files.set(blobName(made), bytes);
  const current = parseIndexDocument(files.get('index.json') as Uint8Array);
  files.set('index.json', buildIndexDocument(current.map((each) => (each.digest === entry.digest ? made : each))));
  return sealFiles(files);
}

/** JSON as a plain object that can be changed. */
function json(bytes: Uint8Array | undefined): unknown {
  parseJson(bytes as Uint8Array);
  return JSON.parse(new TextDecoder().decode(bytes));
}
