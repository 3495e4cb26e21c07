import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { KeySpec } from '@notarykit/signature-envelope';
import type * as Pkcs11Js from 'pkcs11js';
import { peer } from '../../../scripts/peers.mjs';
import { succeed } from './program.ts';

/** A SoftHSM of the test's own. */
export interface SoftHsm {
  /** Path of the PKCS#11 library. */
  readonly library: string;
  readonly pkcs11js: typeof Pkcs11Js;
  /** Makes an empty token. */
  createToken(label: string, pin: string): Promise<void>;
}

/** Sets SoftHSM up in `folder`, for this process too: its library reads the environment when it is initialised. */
export async function createSoftHsm(folder: string): Promise<SoftHsm> {
  const util = await peer('softhsm2-util');
  const pkcs11js = createRequire(import.meta.url)(await peer('pkcs11js')) as typeof Pkcs11Js;
  const tokens = join(folder, 'tokens');
  mkdirSync(tokens, { recursive: true });
  const configuration = join(folder, 'softhsm2.conf');
  writeFileSync(configuration, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  process.env['SOFTHSM2_CONF'] = configuration;
  const library = join(dirname(util), 'root/usr/lib/softhsm/libsofthsm2.so');
  return {
    library,
    pkcs11js,
    async createToken(label, pin) {
      const pins = ['--pin', pin, '--so-pin', 'security-officer'];
      const to = ['--init-token', '--free', '--label', label, '--module', library];
      await succeed(util, [...to, ...pins], { env: { SOFTHSM2_CONF: configuration } });
    },
  };
}

/** DER of curve identifiers, as CKA_EC_PARAMS. */
const curves: Readonly<Record<string, string>> = {
  'EC-256': '06082a8648ce3d030107',
  'EC-384': '06052b81040022',
  'EC-521': '06052b81040023',
};

/** A session that may write, logged in, on the token with this label; the library must be initialised. */
export function openSession(
  { pkcs11js, library }: SoftHsm,
  label: string,
  pin: string,
): { readonly native: Pkcs11Js.PKCS11; readonly session: Buffer } {
  const native = new pkcs11js.PKCS11();
  native.load(library);
  try {
    native.C_Initialize({ flags: pkcs11js.CKF_OS_LOCKING_OK });
  } catch (error) {
    if (!String(error).includes('ALREADY_INITIALIZED')) throw error;
  }
  const slot = native.C_GetSlotList(true).find((one) => native.C_GetTokenInfo(one).label.trim() === label);
  if (slot === undefined) throw new Error(`no token ${label}`);
  const session = native.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION);
  try {
    native.C_Login(session, pkcs11js.CKU_USER, pin);
  } catch (error) {
    if (!String(error).includes('ALREADY_LOGGED_IN')) throw error;
  }
  return { native, session };
}

/** What to make. */
export interface GenerateOptions {
  readonly keySpec: KeySpec;
  readonly label: string;
  readonly id: number;
  readonly alwaysAuthenticate?: boolean;
}

/** Makes a key pair inside the token: sensitive, not extractable. */
export function generateKey(
  { pkcs11js: p }: SoftHsm,
  { native, session }: { readonly native: Pkcs11Js.PKCS11; readonly session: Buffer },
  { keySpec, label, id, alwaysAuthenticate = false }: GenerateOptions,
): void {
  const names = [
    { type: p.CKA_TOKEN, value: true },
    { type: p.CKA_LABEL, value: label },
    { type: p.CKA_ID, value: Buffer.of(id) },
  ];
  const curve = curves[keySpec];
  const kind =
    curve === undefined
      ? [
          { type: p.CKA_MODULUS_BITS, value: Number(keySpec.slice(4)) },
          { type: p.CKA_PUBLIC_EXPONENT, value: Buffer.of(1, 0, 1) },
        ]
      : [{ type: p.CKA_EC_PARAMS, value: Buffer.from(curve, 'hex') }];
  native.C_GenerateKeyPair(
    session,
    { mechanism: curve === undefined ? p.CKM_RSA_PKCS_KEY_PAIR_GEN : p.CKM_EC_KEY_PAIR_GEN },
    [...names, ...kind, { type: p.CKA_VERIFY, value: true }],
    [
      ...names,
      { type: p.CKA_PRIVATE, value: true },
      { type: p.CKA_SIGN, value: true },
      { type: p.CKA_SENSITIVE, value: true },
      { type: p.CKA_EXTRACTABLE, value: false },
      { type: p.CKA_ALWAYS_AUTHENTICATE, value: alwaysAuthenticate },
    ],
  );
}
