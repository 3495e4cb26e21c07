// A small scanner: looks the packages of an SBOM (CycloneDX) up in a file of advisories, and writes a report in the JSON form of Trivy,
// which says which operating system was looked at. Usage: node dist/scanner.js <advisories> <SBOM>
// The time of the report is SOURCE_DATE_EPOCH (seconds) where it is set, and now otherwise.
import { readFile } from 'node:fs/promises';
import { type Advisory, type Component, scan } from './scanner/scan.js';

interface Sbom {
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly Component[];
}

const read = async <T>(path = ''): Promise<T> => JSON.parse(await readFile(path, 'utf8')) as T;

const [advisories, sbom] = process.argv.slice(2);
const epoch = process.env['SOURCE_DATE_EPOCH'];
const { metadata, components } = await read<Sbom>(sbom);
const { name, version } = metadata.component;
const report = scan(components, await read<readonly Advisory[]>(advisories), {
  image: `${name}@${version}`,
  now: epoch === undefined ? new Date() : new Date(Number(epoch) * 1000),
});
console.log(JSON.stringify(report));
