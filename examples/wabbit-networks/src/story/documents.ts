import { readFile } from 'node:fs/promises';
import { utf8 } from '@notarykit/common';

/** Where the recorded evidence is: beside the built program, as `record.ts` wrote it. */
const folder = new URL('../evidence/', import.meta.url);

/** The simple SBOM of the Notary goals. */
export function simpleSbom(reference: string): Uint8Array {
  return utf8(JSON.stringify({ version: '0.0.0.0', artifact: reference, contents: 'good' }));
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
