import { inspect } from 'node:util';
import { signerConformance } from '@notarykit/kms-providers/conformance';
import { requestCertificate } from '@notarykit/kms-providers/csr';
import {
  type Pkcs11KeyOptions,
  type Pkcs11SignerOptions,
  pkcs11Key,
  pkcs11Signer,
} from '@notarykit/kms-providers/pkcs11';
import type { KeySpec } from '@notarykit/signature-envelope';
import { checkedSigner, signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { createAuthority, createKeyPair, type Issued, type KeyPair } from '@notarykit/testing';
import { afterAll, describe, expect, test } from 'vitest';
import type { TokenKeyOptions } from '../../support/pkcs11/objects.ts';
import { createTokenDouble, type TokenDouble, type TokenDoubleOptions } from '../../support/pkcs11/token-double.ts';

const pin = '314159';
const id = Uint8Array.of(0xab, 1);
const authority = await createAuthority();
const open: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(open.map(({ close }) => close())));

interface Setup extends Issued {
  readonly pair: KeyPair;
}

async function issue(keySpec: KeySpec): Promise<Setup> {
  const pair = await createKeyPair(keySpec);
  return { ...(await authority.issueLeaf({ keyPair: pair })), pair };
}

const ec = await issue('EC-256');

/** A token with one key, its chain and certificates of others. */
function tokenOf(
  setup: Setup,
  options: Partial<TokenDoubleOptions> = {},
  key: Partial<TokenKeyOptions> = {},
): TokenDouble {
  const certificates = setup.chain.map((der, i) => (i === 0 ? { der, id } : { der }));
  const others = ec.chain.slice(0, 1).map((der) => ({ der }));
  return createTokenDouble({
    label: 'release',
    pin,
    keys: [{ label: 'net-monitor', id, pair: setup.pair, ...key }],
    certificates: [...others, ...certificates.reverse()],
    ...options,
  });
}

const keyOptions = (token: TokenDouble): Pkcs11KeyOptions => ({
  library: '/lib/double.so',
  pkcs11js: token.pkcs11js,
  pin,
  keyLabel: 'net-monitor',
});

function signerOf(token: TokenDouble, options: Partial<Pkcs11SignerOptions> = {}) {
  const signer = pkcs11Signer({ ...keyOptions(token), ...options });
  open.push(signer);
  return signer;
}

const request = { payload: Uint8Array.of(1, 2, 3), keySpec: 'EC-256' } as const;

describe.each(signatureAlgorithms.map(({ keySpec }) => keySpec))('pkcs11 %s', async (keySpec) => {
  const setup = await issue(keySpec);
  const token = tokenOf(setup);
  signerConformance({
    test,
    keySpec,
    create: () => signerOf(token),
    signatures: 20,
    faults: [
      { name: 'missing', create: () => signerOf(token, { keyLabel: 'x' }), reason: 'key-not-found', retryable: false },
      { name: 'no token', create: () => signerOf(token, { token: 'x' }), reason: 'key-not-found', retryable: false },
    ],
  });

  test('signs where the token hashes for itself', async () => {
    const hashing = [0x43, 0x44, 0x45, 0x1044, 0x1045, 0x1046];
    const signer = signerOf(tokenOf(setup, { mechanisms: hashing }));
    await checkedSigner(signer).sign({ ...request, keySpec });
  });

  test.each([
    ['with PKCS#1 v1.5', [0x001, 0x00d, 0x1041]],
    ['with PSS alone', [0x00d, 0x1041]],
  ])('gets a certificate for its request, %s, and keeps it', async (_, mechanisms) => {
    const empty = tokenOf(setup, { mechanisms, certificates: [] });
    const key = pkcs11Key(keyOptions(empty));
    open.push(key);
    const subject = { C: 'US', ST: 'WA', O: 'Wabbit', CN: 'net-monitor' };
    const issued = await requestCertificate(key, { subject, issue: (csr) => authority.issueFromCsr(csr) });
    await expect(signerOf(empty).describe()).rejects.toMatchObject({ reason: 'chain-mismatch' });
    await key.storeChain(issued.pem);
    await key.storeChain(issued.certificateChain);
    const { certificateChain } = await checkedSigner(signerOf(empty)).sign({ ...request, keySpec });
    expect(certificateChain.map((der) => Buffer.from(der))).toEqual(
      issued.certificateChain.map((der) => Buffer.from(der)),
    );
  });
});

describe('PINs', () => {
  test('a wrong PIN is in no error and is not tried again, since tokens lock themselves', async () => {
    const token = tokenOf(ec);
    const signer = signerOf(token, { pin: 'wrong-pin' });
    for (let i = 0; i < 5; i++) {
      const error = await signer.describe().catch((caught: unknown) => caught);
      expect(error).toMatchObject({ reason: 'unauthenticated', retryable: false, code: 'ERR_SIGNER_ACCESS_DENIED' });
      expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain('wrong-pin');
    }
    expect(token.logins).toBe(1);
    expect(inspect(signer, { depth: 9, showHidden: true }) + JSON.stringify(signer)).not.toContain('wrong-pin');
  });

  test('the line break of the file that a PIN was read from is not a part of it', async () => {
    for (const read of [`${pin}\n`, `${pin}\r\n`]) {
      const token = tokenOf(ec);
      await checkedSigner(signerOf(token, { pin: async () => read })).sign(request);
      expect(token.logins).toBe(1);
    }
  });

  test('another PIN is tried, and a function that fails is named as the cause', async () => {
    const pins = ['wrong', pin];
    const signer = signerOf(tokenOf(ec), { pin: async () => pins.shift() ?? Promise.reject(new Error('no more')) });
    await expect(signer.describe()).rejects.toMatchObject({ reason: 'unauthenticated' });
    await checkedSigner(signer).sign(request);
    const other = signerOf(tokenOf(ec), { pin: () => Promise.reject(new Error('vault is shut')) });
    await expect(other.describe()).rejects.toMatchObject({
      reason: 'unauthenticated',
      cause: { message: 'vault is shut' },
    });
  });

  test('a key without login is not there, and the error says why', async () => {
    const { pin: _, ...options } = keyOptions(tokenOf(ec));
    await expect(pkcs11Signer(options).describe()).rejects.toThrow(/without a PIN/);
    const free = tokenOf(ec, { pin: undefined } as never);
    const { pin: __, ...without } = keyOptions(free);
    await checkedSigner(pkcs11Signer(without)).sign(request);
    expect(free.logins).toBe(0);
  });

  test('a key that always asks gets the PIN for every signature', async () => {
    const token = tokenOf(ec, {}, { alwaysAuthenticate: true });
    const signer = checkedSigner(signerOf(token, { sessions: 1 }));
    for (let i = 0; i < 3; i++) await signer.sign(request);
    expect(token.logins).toBe(4);
  });
});

describe('sessions', () => {
  test('K5 a PIN that is refused is presented once, however many ask for it', async () => {
    const token = tokenOf(ec, {}, { alwaysAuthenticate: true });
    let given = pin;
    const signer = signerOf(token, { pin: () => given });
    await signer.sign(request);
    given = '000000';
    const before = token.logins;
    const many = await Promise.allSettled(Array.from({ length: 20 }, () => signer.sign(request)));
    expect(many.every((one) => one.status === 'rejected')).toBe(true);
    expect(token.logins - before).toBe(1);
    given = pin;
    await signer.sign(request);
  });

  test('K10 a hundred at once share the sessions, one operation in each', async () => {
    const token = tokenOf(ec);
    token.during = () => new Promise((resolve) => setImmediate(resolve));
    const signer = checkedSigner(signerOf(token, { sessions: 3 }));
    const payloads = Array.from({ length: 100 }, (_, i) => Uint8Array.of(i));
    await Promise.all(payloads.map((payload) => signer.sign({ ...request, payload })));
    expect([token.mostSigning, token.mostSessions]).toEqual([3, 3]);
  });

  test('no more than the token allows', async () => {
    const token = tokenOf(ec, { maxSessions: 2 });
    token.during = () => new Promise((resolve) => setImmediate(resolve));
    const signer = checkedSigner(signerOf(token));
    await Promise.all(Array.from({ length: 20 }, () => signer.sign(request)));
    expect(token.mostSessions).toBe(2);
  });

  test('K4 a caller that is cancelled while waiting takes no session', async () => {
    const token = tokenOf(ec);
    let release = (): void => undefined;
    token.during = () => new Promise<void>((resolve) => (release = resolve));
    const signer = signerOf(token, { sessions: 1 });
    await signer.describe();
    const first = signer.sign(request);
    const controller = new AbortController();
    const second = signer.sign({ ...request, signal: controller.signal });
    // By then it waits for the one session.
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    token.during = async () => Promise.reject(new Error('the second signed'));
    release();
    await first;
    await new Promise((resolve) => setImmediate(resolve));
    expect(token.openSessions).toBe(1);
  });

  test('K3 reconnects once to a token that was removed and inserted', async () => {
    const token = tokenOf(ec);
    const signer = checkedSigner(signerOf(token));
    await signer.sign(request);
    token.replug();
    await Promise.all(Array.from({ length: 8 }, () => signer.sign(request)));
    expect(token.logins).toBe(2);
  });

  test('K3 waiting callers continue with the next connection after the token was lost', async () => {
    const token = tokenOf(ec);
    const signer = checkedSigner(signerOf(token, { sessions: 2 }));
    await signer.describe();
    let lose = (): void => undefined;
    const lost = new Promise<void>((_, reject) => {
      lose = () => reject(new Error('CKR_DEVICE_REMOVED'));
    });
    token.during = () => lost;
    const many = Array.from({ length: 12 }, () => signer.sign(request));
    await expect.poll(() => token.mostSigning, { timeout: 60_000 }).toBe(2);
    token.during = async () => undefined;
    token.replug();
    lose();
    await Promise.all(many);
    expect(token.logins).toBe(2);
  });

  test('K3 a missing token is a retryable error', async () => {
    const token = tokenOf(ec);
    const signer = signerOf(token);
    await signer.describe();
    token.during = async () => {
      throw new Error('CKR_DEVICE_REMOVED');
    };
    await expect(signer.sign(request)).rejects.toMatchObject({
      reason: 'unavailable',
      retryable: true,
      detail: { provider: 'pkcs11', keyId: 'pkcs11:token=release;serial=s-release;object=net-monitor;id=%ab%01' },
    });
  });

  test('K4 close waits for running calls, cancelled ones too, before it finalises', async () => {
    const token = tokenOf(ec);
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let signing = 0;
    token.during = async () => {
      signing++;
      await held;
      expect(token.finalized).toBe(0);
      signing--;
    };
    const [signer, other] = [
      signerOf(token, { finalize: true, library: '/lib/drain.so' }),
      signerOf(token, { library: '/lib/drain.so' }),
    ];
    await signer.describe();
    await other.describe();
    const controller = new AbortController();
    const work = [signer.sign(request), signer.sign({ ...request, signal: controller.signal }), other.sign(request)];
    const outcomes = Promise.allSettled(work);
    await expect.poll(() => signing, { timeout: 60_000 }).toBe(3);
    controller.abort(new Error('enough'));
    await expect(work[1]).rejects.toThrow('enough');
    const closing = signer.close();
    const late = other.sign(request);
    await expect(signer.sign(request)).rejects.toMatchObject({ reason: 'unavailable' });
    expect(token.finalized).toBe(0);
    goOn();
    await closing;
    expect(token.finalized).toBe(1);
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    // It has a library that was finalised, and initialises it again.
    token.during = async () => undefined;
    await late;
  });

  test('an operation that failed does not block the next one', async () => {
    const token = tokenOf(ec);
    const signer = checkedSigner(signerOf(token, { sessions: 1 }));
    await signer.describe();
    token.during = async () => {
      throw new Error('CKR_GENERAL_ERROR');
    };
    await expect(signer.sign(request)).rejects.toMatchObject({ reason: 'unknown', retryable: false });
    token.during = async () => undefined;
    await signer.sign(request);
  });

  test('close ends the sessions, and finalises the library only on request', async () => {
    const token = tokenOf(ec);
    const [keeping, ending] = [signerOf(token), signerOf(token, { finalize: true })];
    await checkedSigner(keeping).sign(request);
    await checkedSigner(ending).sign(request);
    await ending.close();
    expect([token.finalized, token.openSessions]).toEqual([0, 1]);
    await keeping.close();
    expect([token.finalized, token.openSessions]).toEqual([0, 0]);
    await expect(keeping.sign(request)).rejects.toThrow(/closed/);
    const own = tokenOf(ec);
    const last = signerOf(own, { finalize: true });
    await last.describe();
    await last.close();
    expect(own.finalized).toBe(1);
  });
});

describe('keys and certificates', () => {
  test('K1 refuses a token that is inserted again with another key', async () => {
    const other = await issue('EC-256');
    const [mine, theirs] = [tokenOf(ec), tokenOf(other)];
    let present = mine;
    const pkcs11js = {
      PKCS11: function PKCS11() {
        return following;
      } as never,
    };
    const following = new Proxy({}, { get: (_, name) => Reflect.get(new present.pkcs11js.PKCS11(), name) });
    const signer = signerOf(mine, { pkcs11js });
    await signer.sign(request);
    present = theirs;
    await expect(signer.sign(request)).rejects.toMatchObject({ reason: 'chain-mismatch' });
  });

  test('K2 a chain of another key is refused before anything is signed', async () => {
    const token = tokenOf(ec);
    const other = await issue('EC-256');
    await expect(signerOf(token, { certificateChain: other.pem }).describe()).rejects.toMatchObject({
      reason: 'chain-mismatch',
    });
    expect(token.mostSigning).toBe(0);
  });

  test('the leaf on the token and its issuers in a file make one chain', async () => {
    const token = tokenOf(ec, { certificates: ec.chain.slice(0, 1).map((der) => ({ der, id })) });
    await expect(checkedSigner(signerOf(token)).describe()).rejects.toMatchObject({ reason: 'chain-mismatch' });
    await checkedSigner(signerOf(token, { caCertificates: ec.chain.slice(1) })).sign(request);
  });

  test('of two certificates for one key the one issued last is taken', async () => {
    const day = 24 * 60 * 60 * 1000;
    const renewed = await authority.issueLeaf({ keyPair: ec.pair, notBefore: new Date(Date.now() - day / 2) });
    const older = await authority.issueLeaf({ keyPair: ec.pair, notBefore: new Date(Date.now() - 5 * day) });
    const certificates = [...older.chain, ...renewed.chain.slice(0, 1)].map((der) => ({ der }));
    const { certificateChain } = await signerOf(tokenOf(ec, { certificates })).sign(request);
    expect(Buffer.from(certificateChain[0] as Uint8Array)).toEqual(Buffer.from(renewed.chain[0] as Uint8Array));
  });

  test.each([
    ['a bare point', { barePoint: true }],
    ['no public object, but a certificate', { publicObject: false }],
  ])('the public key is found with %s', async (_, key) => {
    await checkedSigner(signerOf(tokenOf(ec, {}, key))).sign(request);
  });

  test('a key that the token shows nothing of signs with a chain that is given', async () => {
    const token = tokenOf(ec, { certificates: [] }, { publicObject: false });
    await expect(signerOf(token).describe()).rejects.toMatchObject({ reason: 'chain-mismatch' });
    await checkedSigner(signerOf(token, { certificateChain: ec.pem })).sign(request);
  });

  test('a key is chosen by label or id, a token by label, serial or slot', async () => {
    const key = { label: 'net-monitor', id, pair: ec.pair };
    const certificates = ec.chain.map((der) => ({ der }));
    const token = createTokenDouble(
      { label: 'first', pin, keys: [key, { ...key, id: Uint8Array.of(2) }], certificates },
      { label: 'second', pin, keys: [key], certificates },
    );
    const reasonOf = (options: Partial<Pkcs11SignerOptions>) =>
      signerOf(token, options)
        .describe()
        .then(
          () => 'found',
          (error: Error) => error.message,
        );
    expect(await reasonOf({})).toMatch(/2 tokens match.*"first".*"second"/);
    expect(await reasonOf({ token: 'first' })).toMatch(/several private keys/);
    expect(await reasonOf({ token: 'first', keyId: 'ab01' })).toBe('found');
    expect(await reasonOf({ token: 'first', keyId: 'ab0' })).toMatch(/hexadecimal/);
    expect(await reasonOf({ serial: 's-second' })).toBe('found');
    expect(await reasonOf({ slot: 8 })).toBe('found');
    expect(await reasonOf({ slot: 9 })).toMatch(/no token matches slot 9/);
  });

  test('a token without a fitting mechanism is named', async () => {
    await expect(signerOf(tokenOf(ec, { mechanisms: [0x001] })).sign(request)).rejects.toMatchObject({
      reason: 'wrong-key-usage',
    });
  });

  test('a library that cannot be loaded is named', async () => {
    const error = { reason: 'unavailable', retryable: false, message: expect.stringContaining('"/lib/none"') };
    await expect(signerOf(tokenOf(ec), { library: '/lib/none' }).describe()).rejects.toMatchObject(error);
  });
});
