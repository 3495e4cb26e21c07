import { type Certificate, formatName } from '@notarykit/pki/internal';
import type { Connection } from './connection.js';
import { CKA, CKF, CKO } from './constants.js';
import type { Pkcs11Attribute } from './library.js';
import { findObjects, readAttribute } from './objects.js';

/** CKC_X_509. */
const x509 = 0;

/** Writes the certificates that the token lacks, in a session that may write. */
export function storeChain({ library, slot, key }: Connection, chain: readonly Certificate[]): void {
  const session = library.C_OpenSession(slot, CKF.SERIAL_SESSION | CKF.RW_SESSION);
  const open = { library, session };
  try {
    const names = { id: readAttribute(open, key, CKA.ID), label: readAttribute(open, key, CKA.LABEL) };
    // The root first: a reader that finds the leaf meanwhile finds its issuers too.
    for (const certificate of [...chain].reverse()) {
      const value = Buffer.from(certificate.der);
      const there = findObjects(open, [
        { type: CKA.CLASS, value: CKO.CERTIFICATE },
        { type: CKA.VALUE, value },
      ]);
      if (there.length > 0) continue;
      library.C_CreateObject(session, template(certificate, certificate === chain[0] ? names : {}));
    }
  } finally {
    library.C_CloseSession(session);
  }
}

function template(
  certificate: Certificate,
  { id, label }: { readonly id?: Uint8Array | undefined; readonly label?: Uint8Array | undefined },
): Pkcs11Attribute[] {
  return [
    { type: CKA.CLASS, value: CKO.CERTIFICATE },
    { type: CKA.CERTIFICATE_TYPE, value: x509 },
    { type: CKA.TOKEN, value: true },
    { type: CKA.PRIVATE, value: false },
    { type: CKA.LABEL, value: label?.length ? Buffer.from(label) : formatName(certificate.subject) },
    { type: CKA.SUBJECT, value: Buffer.from(certificate.subject.der) },
    { type: CKA.ISSUER, value: Buffer.from(certificate.issuer.der) },
    { type: CKA.SERIAL_NUMBER, value: serialOf(certificate) },
    { type: CKA.VALUE, value: Buffer.from(certificate.der) },
    ...(id === undefined ? [] : [{ type: CKA.ID, value: Buffer.from(id) }]),
  ];
}

/** DER of the serial number, as the token's index wants it. */
function serialOf({ serialNumber, isSerialNumberNegative }: Certificate): Buffer {
  const bytes = Buffer.from(serialNumber, 'hex');
  const signed = (bytes[0] ?? 0) >= 0x80;
  const content = bytes.length === 0 || (signed && !isSerialNumberNegative) ? Buffer.from([0, ...bytes]) : bytes;
  return Buffer.from([0x02, content.length, ...content]);
}
