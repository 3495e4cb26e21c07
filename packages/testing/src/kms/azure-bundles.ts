import { createHash, createPublicKey } from 'node:crypto';
import type { KeyVaultCertificate, KeyVaultVersion } from './azure-certificate.js';
import { writePkcs12 } from './pkcs12.js';

interface Found {
  readonly certificate: KeyVaultCertificate;
  readonly issued: KeyVaultVersion;
  readonly host: string;
}

/** The name of a version: 32 hexadecimal digits, as in the service. */
export function versionOf({ certificate }: Pick<KeyVaultVersion, 'certificate'>): string {
  return createHash('sha256').update(certificate).digest('hex').slice(0, 32);
}

const seconds = (date: Date | undefined): number | undefined =>
  date === undefined ? undefined : Math.floor(date.getTime() / 1000);

const attributesOf = ({ notBefore, expires }: KeyVaultCertificate): object => ({
  enabled: true,
  nbf: seconds(notBefore),
  exp: seconds(expires),
  created: 1577836800,
  updated: 1577836800,
  recoveryLevel: 'Recoverable+Purgeable',
});

/** `GET /keys/<name>/<version>`: the public part as a JWK of a key in hardware. */
export function keyBundle({ certificate, issued, host }: Found): object {
  const spki = createPublicKey({ key: Buffer.from(issued.keyPair.spki), format: 'der', type: 'spki' });
  const jwk = spki.export({ format: 'jwk' });
  const kid = `${host}/keys/${certificate.name}/${versionOf(issued)}`;
  const key_ops = certificate.keyOperations ?? ['sign', 'verify'];
  return { key: { ...jwk, kid, kty: `${jwk.kty}-HSM`, key_ops }, attributes: attributesOf(certificate) };
}

/** `GET /certificates/<name>/<version>`: only the leaf. */
export function certificateBundle({ certificate, issued, host }: Found): object {
  const place = `${certificate.name}/${versionOf(issued)}`;
  const contentType = certificate.contentType ?? 'application/x-pem-file';
  return {
    id: `${host}/certificates/${place}`,
    kid: `${host}/keys/${place}`,
    sid: `${host}/secrets/${place}`,
    x5t: createHash('sha1').update(issued.certificate).digest('base64url'),
    cer: Buffer.from(issued.certificate).toString('base64'),
    attributes: attributesOf(certificate),
    policy: { secret_props: { contentType }, key_props: { exportable: certificate.exportable === true } },
  };
}

/** `GET /secrets/<name>/<version>`: the chain as it was merged, with the key when that may leave. */
export async function secretBundle({ certificate, issued, host }: Found): Promise<object> {
  const { contentType = 'application/x-pem-file', exportable = false, name } = certificate;
  const pem = (exportable ? issued.privateKeyPem : '') + issued.pem;
  const value =
    contentType === 'application/x-pem-file'
      ? pem
      : Buffer.from(await writePkcs12(issued.chain, exportable ? issued.keyPair.pkcs8 : undefined)).toString('base64');
  const version = versionOf(issued);
  return {
    value,
    contentType,
    id: `${host}/secrets/${name}/${version}`,
    kid: `${host}/keys/${name}/${version}`,
    attributes: attributesOf(certificate),
  };
}
