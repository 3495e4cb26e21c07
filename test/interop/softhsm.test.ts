import { join } from 'node:path';
import { inspect } from 'node:util';
import { signerConformance } from '@notarykit/kms-providers/conformance';
import { requestCertificate } from '@notarykit/kms-providers/csr';
import { type Pkcs11SignerOptions, pkcs11Key, pkcs11Signer } from '@notarykit/kms-providers/pkcs11';
import { createRevocationChecker } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import type { EnvelopeFormat } from '@notarykit/signature-envelope';
import { checkedSigner, signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { sign, verify } from 'notarykit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { pushImage } from './support/image.ts';
import { createNotation, labPolicy, type Notation } from './support/notation.ts';
import { createSoftHsm, generateKey, openSession, type SoftHsm } from './support/softhsm.ts';

const folder = temporaryFolder();
const [token, pin] = ['net-monitor', '314159'];
const subject = { C: 'US', ST: 'WA', O: 'Wabbit Networks', CN: 'net-monitor' };

interface Setup {
  readonly hsm: SoftHsm;
  readonly lab: TrustLab;
  readonly host: string;
  readonly notation: Notation;
}

let setup: Setup;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  const hsm = await createSoftHsm(folder);
  await hsm.createToken(token, pin);
  await hsm.createToken('other', 'another pin');
  const lab = await createTrustLab();
  const notation = await createNotation(join(folder, 'notation'), { root: lab.authority.root.certificate });
  const { host } = await lab.registry.listen({ name: 'localhost' });
  setup = { hsm, lab, host, notation };
});
afterAll(async () => {
  for (const { close } of open) await close();
  await setup.lab.close();
});

/** A key of the token, by its label. */
const keyOptions = (keyLabel: string): Pkcs11SignerOptions => ({
  library: setup.hsm.library,
  pkcs11js: setup.hsm.pkcs11js,
  token,
  pin,
  keyLabel,
});

function signerOf(keyLabel: string, options: Partial<Pkcs11SignerOptions> = {}) {
  const signer = pkcs11Signer({ ...keyOptions(keyLabel), ...options });
  open.push(signer);
  return signer;
}

/** The whole road: a key made in the token, a request signed by it, a certificate, kept in the token. */
async function certify(keyLabel: string): Promise<void> {
  const key = pkcs11Key(keyOptions(keyLabel));
  open.push(key);
  const { certificateChain } = await requestCertificate(key, {
    subject,
    issue: (csr) => setup.lab.authority.issueFromCsr(csr),
  });
  await key.storeChain(certificateChain);
}

/** Signs and verifies with us. */
async function signAndVerify(name: string, format: EnvelopeFormat, keyLabel: string): Promise<void> {
  const { lab, host } = setup;
  const repository = createRegistry({ registry: host }).repository(name);
  const image = await pushImage(lab.registry, name, 'v1');
  await sign(repository, image, { signer: signerOf(keyLabel), format });
  const { verdict } = await verify(repository, image, {
    policy: parseTrustPolicy(labPolicy),
    trustStore: memoryTrustStore(lab.trustStore),
    revocation: createRevocationChecker({ fetch: (url) => Promise.reject(new Error(`asked ${url}`)) }),
  });
  expect(verdict).toBe('trusted');
}

describe('softhsm-pkcs11', () => {
  describe.each(signatureAlgorithms.map(({ keySpec }, i) => [keySpec, i + 1] as const))('%s', (keySpec, id) => {
    beforeAll(async () => {
      generateKey(setup.hsm, openSession(setup.hsm, token, pin), { keySpec, label: keySpec, id });
      await certify(keySpec);
    });

    const faults = [
      { name: 'missing key', create: () => signerOf('none'), reason: 'key-not-found', retryable: false },
      {
        name: 'missing token',
        create: () => signerOf(keySpec, { token: 'none' }),
        reason: 'key-not-found',
        retryable: false,
      },
    ];
    // Most signatures on P-521 begin with a zero.
    const fewer = keySpec === 'EC-521' ? { signatures: 60 } : {};
    signerConformance({ test, keySpec, create: () => signerOf(keySpec), faults, ...fewer });

    test.each(['jws', 'cose'] as const)('key, request, certificate, token, signature in %s', async (format) => {
      const name = `softhsm/${format}/${keySpec.toLowerCase()}`;
      await signAndVerify(name, format, keySpec);
      const result = await setup.notation('verify', `${setup.host}/${name}:v1`);
      expect(result, result.stderr).toMatchObject({ code: 0 });
    });
  });

  describe('of a token', () => {
    const request = { payload: new Uint8Array([1, 2, 3]), keySpec: 'EC-384' } as const;
    beforeAll(async () => {
      const session = openSession(setup.hsm, token, pin);
      generateKey(setup.hsm, session, { keySpec: 'EC-384', label: 'asks', id: 0x21, alwaysAuthenticate: true });
      generateKey(setup.hsm, session, { keySpec: 'EC-384', label: 'plain', id: 0x22 });
      generateKey(setup.hsm, session, { keySpec: 'EC-384', label: 'twins', id: 0x23 });
      generateKey(setup.hsm, session, { keySpec: 'EC-384', label: 'twins', id: 0x24 });
      for (const label of ['asks', 'plain']) await certify(label);
    });

    test('a key that wants the PIN for every signature gets it', async () => {
      await checkedSigner(signerOf('asks')).sign(request);
      await expect(signerOf('asks', { pin: () => 'wrong' }).sign(request)).rejects.toMatchObject({
        reason: 'unauthenticated',
      });
    });

    test('a wrong PIN is refused, shown nowhere and not tried again', async () => {
      let asked = 0;
      const signer = signerOf('any', { token: 'other', pin: () => `wrong ${asked++ && 1}` });
      const error = await signer.describe().catch((caught: unknown) => caught);
      expect(error).toMatchObject({ reason: 'unauthenticated', retryable: false });
      expect(inspect(error, { depth: 9 })).not.toContain('wrong 0');
    });

    test('a signer goes on after its sessions, or the whole library, were closed by others', async () => {
      const signer = checkedSigner(signerOf('plain'));
      await signer.sign(request);
      const { native } = openSession(setup.hsm, token, pin);
      for (const slot of native.C_GetSlotList(true)) native.C_CloseAllSessions(slot);
      await signer.sign(request);
      native.C_Finalize();
      await signer.sign(request);
    });

    test('a key is found by its id, and two of one name are told apart', async () => {
      const { keyLabel: _, ...options } = keyOptions('');
      const signer = pkcs11Signer({ ...options, keyId: '22' });
      open.push(signer);
      await checkedSigner(signer).sign(request);
      await expect(signerOf('twins').describe()).rejects.toThrow(/several private keys/);
      await expect(signerOf('twins', { keyId: Uint8Array.of(0x23) }).describe()).rejects.toMatchObject({
        reason: 'chain-mismatch',
      });
    });

    test('a certificate on the token and its issuers in a file make one chain', async () => {
      const { certificateChain } = await signerOf('plain').sign(request);
      const [leaf, ...issuers] = certificateChain;
      const key = pkcs11Key({ ...keyOptions('twins'), keyId: '24' });
      open.push(key);
      const issued = await requestCertificate(key, {
        subject,
        issue: (csr) => setup.lab.authority.issueFromCsr(csr),
      });
      const signer = signerOf('twins', { keyId: '24', certificateChain: issued.pem });
      await checkedSigner(signer).sign(request);
      expect(leaf).not.toEqual(issued.certificateChain[0]);
      expect(issuers.map((der) => Buffer.from(der))).toEqual(
        issued.certificateChain.slice(1).map((der) => Buffer.from(der)),
      );
    });
  });
});
