import { utf8 } from '@notarykit/common';
import { streamFrom } from '@notarykit/common/internal';
import { decide } from '@notarykit/sbom-gate';
import { evidenceOf, now, policyWith, read, standard } from '../gate/evidence.js';
import type { Curve } from './curve.js';

const policy = policyWith({
  sbom: { signedBy: ['build'], blockPackages: [{ name: 'telnetd*' }], licenses: { block: ['AGPL-3.0-only'] } },
  scan: { signedBy: ['build'], maxAge: '9999d', requireCoverage: [], block: { severityAtOrAbove: 'critical' } },
});

/** An SBOM and a scan of so many packages and findings, read and judged. */
export const gateItems: Curve = {
  name: 'gate',
  of: 'packages, and as many findings',
  sizes: [1_000, 10_000, 100_000, 1_000_000],
  quick: 100_000,
  async prepare(size) {
    const run = async (limits: typeof standard): Promise<void> => {
      const sbom = await read(pieces(sbomText(size)), 'sbom', 'c', limits);
      const scan = await read(pieces(scanText(size)), 'scan', 'd', limits);
      const { verdict, counts } = decide(evidenceOf([sbom, scan]), policy, now);
      if (verdict !== 'DENY' || counts.components !== size)
        throw new Error(`${verdict}, ${counts.components} packages`);
    };
    return {
      run: () =>
        run(size <= standard.items ? standard : { ...standard, documentBytes: 256 * 1024 * 1024, items: size }),
      ...(size > standard.items && { refused: () => run(standard) }),
    };
  },
};

/** A text as a stream, in pieces of about 64 KiB, never whole in memory. */
function pieces(texts: Iterator<string>): ReadableStream<Uint8Array> {
  return streamFrom({
    async read() {
      let text = '';
      for (let next = texts.next(); next.done !== true; next = texts.next()) {
        text += next.value;
        if (text.length > 64 * 1024) break;
      }
      return text === '' ? undefined : utf8(text);
    },
    cancel: async () => undefined,
  });
}

function* sbomText(count: number): Generator<string> {
  yield '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[';
  for (let i = 0; i < count; i++)
    yield `${i === 0 ? '' : ','}{"type":"library","bom-ref":"ref-${i}","name":"package-${i}","version":"1.${i % 50}.0","purl":"pkg:npm/package-${i}@1.${i % 50}.0","licenses":[{"license":{"id":"MIT"}}]}`;
  yield ']}';
}

function* scanText(count: number): Generator<string> {
  yield '{"SchemaVersion":2,"ArtifactName":"app","CreatedAt":"2026-11-24T11:00:00Z","Results":[{"Target":"app","Class":"lang-pkgs","Type":"npm","Vulnerabilities":[';
  for (let i = 0; i < count; i++)
    yield `${i === 0 ? '' : ','}{"VulnerabilityID":"CVE-2026-${i}","PkgName":"package-${i}","InstalledVersion":"1.${i % 50}.0","PkgIdentifier":{"PURL":"pkg:npm/package-${i}@1.${i % 50}.0"},"Severity":"${i % 10 === 0 ? 'CRITICAL' : 'LOW'}"}`;
  yield ']}]}';
}
