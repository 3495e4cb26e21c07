import { checkCrl, parseCertificate, parseCrl } from '@notarykit/pki';
import { buildCrl, createAuthority } from '@notarykit/testing';
import type { Curve } from './curve.js';

const now = new Date();
const template = Buffer.from(
  `302f0210${'00'.repeat(16)}170d3234303130313030303030305a300c300a0603551d1504030a0101`,
  'hex',
);

/** Entries of 16-byte serial numbers, each with a reason: what public authorities write. */
function manyEntries(count: number): Uint8Array {
  const all = new Uint8Array(count * template.length);
  for (let i = 0; i < count; i++) {
    all.set(template, i * template.length);
    const serial = new DataView(all.buffer, i * template.length + 4, 16);
    serial.setUint32(0, 0x40000000 + i);
    serial.setUint32(12, Math.imul(i, 0x9e3779b9));
  }
  return all;
}

/** A CRL, parsed, verified and searched. */
export const crlEntries: Curve = {
  name: 'crl',
  of: 'entries of a CRL',
  sizes: [10_000, 60_000, 200_000, 600_000],
  quick: 600_000,
  async prepare(size) {
    const authority = await createAuthority({ keySpec: 'RSA-2048', intermediates: 0 });
    const certificate = parseCertificate((await authority.issueLeaf()).certificate);
    const issuers = [parseCertificate(authority.root.certificate)];
    const der = await buildCrl(authority.root, { entriesDer: manyEntries(size), now });
    return {
      async run() {
        const { outcome } = await checkCrl({ base: parseCrl(der) }, { certificate, issuers, now });
        if (outcome !== 'good') throw new Error(`the CRL is ${outcome}`);
      },
    };
  },
};
