import {
  basicConstraints,
  createAuthority,
  type ExtensionSpec,
  extendedKeyUsage,
  keyUsage,
  purposes,
} from '@notarykit/testing';

const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;

/** Subject alternative name: address 127.0.0.1 and name localhost, as DER (RFC 5280, 4.2.1.6). */
const loopback: ExtensionSpec = {
  oid: '2.5.29.17',
  critical: false,
  value: new Uint8Array([0x30, 17, 0x87, 4, 127, 0, 0, 1, 0x82, 9, ...new TextEncoder().encode('localhost')]),
};

async function issue(purpose: string, names: readonly ExtensionSpec[]) {
  const authority = await createAuthority();
  const leaf = await authority.issueLeaf({
    extensions: () => [
      basicConstraints({ ca: false }),
      keyUsage(['digitalSignature']),
      extendedKeyUsage([purpose]),
      ...names,
    ],
  });
  return { key: leaf.privateKeyPem, cert: leaf.pem, authority: pem(authority.root.certificate) };
}

/** A certificate for a server on loopback, of an authority that nobody knows. */
export const serverCertificate = () => issue(purposes.serverAuth, [loopback]);

/** A certificate for a client. */
export const clientCertificate = () => issue(purposes.clientAuth, []);
