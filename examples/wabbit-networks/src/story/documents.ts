import { readFile } from 'node:fs/promises';
import { utf8 } from '@notarykit/common';
import type { Descriptor, Digest } from '@notarykit/oci';

/** Where the recorded evidence is: beside the built program, as `record.ts` wrote it. */
const folder = new URL('../evidence/', import.meta.url);

/** The simple SBOM of the Notary goals. */
export function simpleSbom(reference: string): Uint8Array {
  return utf8(JSON.stringify({ version: '0.0.0.0', artifact: reference, contents: 'good' }));
}

/** Where `net-monitor` is built, and from what. */
export const built = {
  builder: 'https://builds.wabbit-networks.example/runs/123',
  source: 'https://git.wabbit-networks.example/net-monitor',
};

/** SLSA provenance (v1) in the shape that BuildKit gives it. */
export function provenance({ digest }: Descriptor, base: readonly Digest[]): Uint8Array {
  const hex = (text: Digest): string => text.slice(text.indexOf(':') + 1);
  const configSource = {
    uri: `${built.source}.git#refs/tags/v1`,
    digest: { sha1: '6'.repeat(40) },
    path: 'Dockerfile',
  };
  const images = base.map((one) => ({ uri: 'pkg:docker/base/alpine@3.20', digest: { sha256: hex(one) } }));
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'net-monitor', digest: { sha256: hex(digest) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md',
        externalParameters: { configSource, request: { frontend: 'dockerfile.v0' } },
        resolvedDependencies: [...images, { uri: configSource.uri, digest: configSource.digest }],
      },
      runDetails: { builder: { id: built.builder } },
    },
  };
  return utf8(JSON.stringify(statement));
}

/** The inventory that syft made of the image `net-monitor`, byte for byte. */
export function recordedSbom(format: 'spdx' | 'cdx'): Promise<Uint8Array> {
  return readFile(new URL(`net-monitor.${format}.json`, folder));
}

/** The report that Grype made of the image `net-monitor`, byte for byte. */
export function recordedScan(): Promise<Uint8Array> {
  return readFile(new URL('net-monitor.grype.json', folder));
}

/** When that report was made, by its own words. */
export async function recordedAt(): Promise<Date> {
  return new Date(parseReport(await recordedScan()).descriptor.timestamp);
}

/** The same report with a later time in it: no scanner runs while the story is told. */
export async function repeatedScan(time: Date): Promise<Uint8Array> {
  const report = parseReport(await recordedScan());
  report.descriptor.timestamp = time.toISOString();
  return utf8(JSON.stringify(report));
}

function parseReport(bytes: Uint8Array): { readonly descriptor: { timestamp: string } } {
  return JSON.parse(new TextDecoder().decode(bytes));
}
