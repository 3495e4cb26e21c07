import { fetchBytes, type Repository } from '@notarykit/oci';
import { filesOf } from './layer.js';
import { readImage } from './read.js';

/** A package of an image, as the package manager's record says. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  /** The layer in which the record is. */
  readonly layer: string;
}

/** What is in an image. */
export interface Inventory {
  /** `registry/repository`. */
  readonly name: string;
  readonly digest: string;
  readonly packages: readonly InstalledPackage[];
}

/** Reads the layers of an image, and lists the packages of which there are records in them. */
export async function inventoryOf(repository: Repository, digest: string): Promise<Inventory> {
  const { layers } = await readImage(repository, digest);
  const packages: InstalledPackage[] = [];
  for (const layer of layers)
    for (const { path, content } of filesOf(await fetchBytes(repository, layer)))
      if (path.startsWith('var/lib/dpkg/status.d/')) packages.push({ ...readRecord(content), layer: layer.digest });
  return { name: repository.name, digest, packages };
}

function readRecord(record: string): Omit<InstalledPackage, 'layer'> {
  const members = new Map(record.split('\n').map((line) => line.split(': ', 2) as [string, string]));
  const member = (name: string): string => {
    const value = members.get(name);
    if (value === undefined) throw new Error(`a record of a package has no "${name}"`);
    return value;
  };
  const [name, version, source] = [member('Package'), member('Version'), members.get('Source')];
  const qualifiers = `arch=${member('Architecture')}&distro=debian-12${source === undefined ? '' : `&upstream=${source}`}`;
  return { name, version, purl: `pkg:deb/debian/${name}@${version.replaceAll('+', '%2B')}?${qualifiers}` };
}
