import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mapConcurrent } from '@notarykit/common/internal';
import { requestCertificate } from '@notarykit/kms-providers/csr';
import { pkcs11Key, pkcs11Signer } from '@notarykit/kms-providers/pkcs11';
import { createAuthority } from '@notarykit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { temporaryFolder } from '../interop/support/folder.ts';
import { createSoftHsm, generateKey, openSession, type SoftHsm } from '../interop/support/softhsm.ts';
import { type Bundle, bundle } from '../support/bundle.js';
import { runProgram } from '../support/run-program.js';

const folder = temporaryFolder();
const [token, pin] = ['net-monitor', '314159'];
const runs = Number(process.env['PKCS11_RUNS'] ?? 200);
const seed = Number(process.env['SOAK_SEED'] ?? Date.now() % 2 ** 31);
let hsm: SoftHsm;
let program: Bundle | undefined;
const chains: Record<string, string> = {};

beforeAll(async () => {
  hsm = await createSoftHsm(folder);
  await hsm.createToken(token, pin);
  program = await bundle(fileURLToPath(new URL('../support/pkcs11/close-program.ts', import.meta.url)));
  const authority = await createAuthority();
  const session = openSession(hsm, token, pin);
  for (const [id, label] of ['plain', 'asks'].entries()) {
    generateKey(hsm, session, { keySpec: 'RSA-2048', label, id: id + 1, alwaysAuthenticate: label === 'asks' });
    const key = pkcs11Key({ library: hsm.library, pkcs11js: hsm.pkcs11js as never, token, pin, keyLabel: label });
    const issue = (csr: Uint8Array) => authority.issueFromCsr(csr);
    const { pem } = await requestCertificate(key, { subject: { C: 'US', ST: 'WA', O: 'W', CN: label }, issue });
    await key.close();
    chains[label] = join(folder, `${label}.pem`);
    writeFileSync(chains[label], pem);
  }
});
afterAll(() => program?.remove());

test(`a signer is closed at a random moment, ${runs} times (seed ${seed})`, async () => {
  const native = await peer('pkcs11js');
  const given = { library: hsm.library, native, token, pin, keyLabel: 'plain', chain: chains['plain'] };
  const env = { SOFTHSM2_CONF: process.env['SOFTHSM2_CONF'] ?? '' };
  const ended = await mapConcurrent(Array.from({ length: runs }), 1, (_, i) =>
    runProgram(program?.path ?? '', [JSON.stringify({ ...given, seed: String(seed + i) })], { env }).catch(String),
  );
  const wrong = ended.filter((one) => typeof one === 'string' || one.code !== 0 || one.stdout !== 'alive');
  expect(wrong).toEqual([]);
});

test('a changed PIN does not lock a token that locks after three attempts', async () => {
  let wrong = 0;
  /** SoftHSM never locks; cards do. */
  class Locking extends hsm.pkcs11js.PKCS11 {
    override C_Login(session: Buffer, user: number, given?: string): void {
      if (wrong >= 3) throw new Error('CKR_PIN_LOCKED');
      if (given !== pin) {
        wrong++;
        throw new Error('CKR_PIN_INCORRECT');
      }
      super.C_Login(session, user, given);
    }
  }
  let asked = pin;
  const signer = pkcs11Signer({
    library: hsm.library,
    pkcs11js: { PKCS11: Locking } as never,
    token,
    pin: () => asked,
    keyLabel: 'asks',
    certificateChain: readFileSync(chains['asks'] ?? '', 'utf8'),
  });
  const request = { payload: Uint8Array.of(1), keySpec: 'RSA-2048' } as const;
  await signer.sign(request);
  asked = '000000';
  const many = await Promise.allSettled(Array.from({ length: 20 }, () => signer.sign(request)));
  expect(many.every(({ status }) => status === 'rejected')).toBe(true);
  expect(wrong).toBe(1);
  asked = pin;
  await signer.sign(request);
  await signer.close();
});
