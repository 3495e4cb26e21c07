import type { KeyObject } from 'node:crypto';
import * as pkijs from 'pkijs';

const utf8 = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer as ArrayBuffer;
const derOf = (key: KeyObject): Uint8Array<ArrayBuffer> => new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }));

/** A PKCS #12 file written by pkijs: PBES2 with AES, MAC with SHA-256. */
export async function writePkcs12(
  key: KeyObject,
  certificates: readonly Uint8Array<ArrayBuffer>[],
  { password, iterations = 2048 }: { readonly password: string; readonly iterations?: number },
): Promise<Uint8Array> {
  const hmac = { pbkdf2HashAlgorithm: 'SHA-256', hmacHashAlgorithm: 'SHA-256', iterationCount: iterations };
  const encryption = { name: 'AES-CBC', length: 256 } as pkijs.ContentEncryptionAlgorithm;
  const shrouded = new pkijs.PKCS8ShroudedKeyBag({ parsedValue: pkijs.PrivateKeyInfo.fromBER(derOf(key)) });
  const bags = certificates.map(
    (der) =>
      new pkijs.SafeBag({
        bagId: '1.2.840.113549.1.12.10.1.3',
        bagValue: new pkijs.CertBag({ parsedValue: pkijs.Certificate.fromBER(der) }),
      }),
  );
  const pfx = new pkijs.PFX({
    parsedValue: {
      integrityMode: 0,
      authenticatedSafe: new pkijs.AuthenticatedSafe({
        parsedValue: {
          safeContents: [
            {
              privacyMode: 0,
              value: new pkijs.SafeContents({
                safeBags: [new pkijs.SafeBag({ bagId: '1.2.840.113549.1.12.10.1.2', bagValue: shrouded })],
              }),
            },
            { privacyMode: 1, value: new pkijs.SafeContents({ safeBags: bags }) },
          ],
        },
      }),
    },
  });
  await shrouded.makeInternalValues({
    password: utf8(password),
    contentEncryptionAlgorithm: encryption,
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: iterations,
  });
  const safe = pfx.parsedValue?.authenticatedSafe as pkijs.AuthenticatedSafe;
  await safe.makeInternalValues({
    safeContents: [
      {},
      {
        password: utf8(password),
        contentEncryptionAlgorithm: encryption,
        hmacHashAlgorithm: 'SHA-256',
        iterationCount: iterations,
      },
    ],
  });
  await pfx.makeInternalValues({ password: utf8(password), iterations, ...hmac } as never);
  return new Uint8Array(pfx.toSchema().toBER());
}
