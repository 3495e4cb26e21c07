import { parseCertificate } from '@notarykit/pki';
import { buildCrl, createAuthority } from '@notarykit/testing';

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

/** A CRL of so many entries, with a certificate of its issuer that it does not list. */
export async function makeCrl(entries: number, now: Date) {
  const authority = await createAuthority({ keySpec: 'RSA-2048', intermediates: 0 });
  const certificate = parseCertificate((await authority.issueLeaf()).certificate);
  const issuers = [parseCertificate(authority.root.certificate)];
  return { der: await buildCrl(authority.root, { entriesDer: manyEntries(entries), now }), certificate, issuers };
}
