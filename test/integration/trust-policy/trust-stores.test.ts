import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePem } from '@notarykit/pki';
import { encodeNull, encodeOid, encodeSequence } from '@notarykit/pki/internal/asn1';
import { type Authority, createAuthority } from '@notarykit/testing';
import { memoryTrustStore, TrustError, type TrustStore, type TrustStoreType } from '@notarykit/trust-policy';
import { pinAnchors } from '@notarykit/trust-policy/internal';
import { directoryTrustStore } from '@notarykit/trust-policy/node';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIssuer, issueDer, spkiOf } from '../pki/issue.js';

let authority: Authority;
let rootPem: string;
let folder: string;

beforeAll(async () => {
  authority = await createAuthority();
  rootPem = encodePem('CERTIFICATE', authority.root.certificate);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'truststore-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function storePath(type: TrustStoreType, name: string): string {
  const path = join(folder, 'x509', type, name);
  mkdirSync(path, { recursive: true });
  return path;
}

function put(content: string | Uint8Array, file = 'a.pem', type: TrustStoreType = 'ca'): string {
  const path = join(storePath(type, 's'), file);
  writeFileSync(path, content);
  return path;
}

async function refusal(type: TrustStoreType = 'ca', name = 's', store: TrustStore = directoryTrustStore(folder)) {
  const error = await store.certificates(type, name).catch((thrown: unknown) => thrown);
  if (!(error instanceof TrustError)) throw new Error('the store was accepted');
  expect(error.code).toBe('ERR_TRUST_STORE');
  return error.detail;
}

describe('trust stores', () => {
  it('reads PEM and DER whatever the extension, and the same array while nothing changes', async () => {
    put(rootPem, 'a.pem');
    put(authority.root.certificate, 'b.anything');
    const store = directoryTrustStore(folder);
    const certificates = await store.certificates('ca', 's');
    expect(certificates).toHaveLength(2);
    expect(await store.certificates('ca', 's')).toBe(certificates);
    put(rootPem, 'c.pem');
    expect(await store.certificates('ca', 's')).toHaveLength(3);
  });

  it('I13 warns of what others can write, once for each state', async () => {
    const file = put(rootPem);
    const warned: unknown[] = [];
    const logger = { warn: (_: string, fields?: object) => warned.push((fields as { path: string }).path) };
    const store = directoryTrustStore(folder, { logger });
    await store.certificates('ca', 's');
    expect(warned).toEqual([]);
    chmodSync(file, 0o666);
    chmodSync(join(folder, 'x509'), 0o777);
    await store.certificates('ca', 's');
    await store.certificates('ca', 's');
    expect(warned).toEqual([join(folder, 'x509'), file]);
  });

  it.each(['..', '.', '', 'a/b', 'a\\b', 'a\0b', '...', 'x'.repeat(256), 'con', 'NUL.pem', 'a b'])(
    'I13 name %j',
    async (name) => {
      await refusal('ca', name);
      await refusal('ca', name, memoryTrustStore({ ca: { [name]: rootPem } }));
    },
  );

  it('I13 names of the prototype are not stores', async () => {
    await refusal('ca', 'constructor', memoryTrustStore({ ca: {} }));
    await refusal('toString' as TrustStoreType, 's', memoryTrustStore({}));
  });

  it('I14 a store that is a symbolic link', async () => {
    put(rootPem);
    symlinkSync(join(folder, 'x509/ca/s'), join(folder, 'x509/ca/link'));
    expect(await refusal('ca', 'link')).toMatchObject({ store: 'ca:link' });
  });

  it('I14 a file that is a symbolic link, a FIFO or a folder spoils its store', async () => {
    const target = put(rootPem);
    const path = join(folder, 'x509/ca/s/b');
    symlinkSync(target, path);
    expect(await refusal()).toEqual({ store: 'ca:s', file: 'b' });
    rmSync(path);
    execFileSync('mkfifo', [path]);
    expect(await refusal()).toEqual({ store: 'ca:s', file: 'b' });
    rmSync(path);
    mkdirSync(path);
    expect(await refusal()).toEqual({ store: 'ca:s', file: 'b' });
    rmSync(path, { recursive: true });
    symlinkSync('/dev/zero', path);
    await refusal();
  });

  it('I14 a store that becomes a link after it was read is read again', async () => {
    put(rootPem);
    const store = directoryTrustStore(folder);
    await store.certificates('ca', 's');
    renameSync(join(folder, 'x509/ca/s'), join(folder, 'moved'));
    symlinkSync(join(folder, 'moved'), join(folder, 'x509/ca/s'));
    await refusal('ca', 's', store);
  });

  it('I15 an empty store, a missing one, an empty file', async () => {
    storePath('ca', 's');
    await refusal();
    await refusal('ca', 'missing');
    put('');
    await refusal();
  });

  it.each([
    ['a private key', () => `${rootPem}${authority.root.privateKeyPem}`],
    ['another label', () => rootPem.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')],
    ['a block behind another that lost its first line', () => `${rootPem}${rootPem.split('\n').slice(1).join('\n')}`],
    ['a block behind another on one line', () => `${rootPem}${rootPem.replaceAll('\n', ' ')}`],
    ['trailing bytes after DER', () => new Uint8Array([...authority.root.certificate, 0])],
    ['an unfinished block', () => rootPem.slice(0, -10)],
    ['text', () => 'hello'],
    ['more than a file may have', () => new Uint8Array(1024 * 1024 + 1)],
  ])('I15 refused: %s', async (_, content) => {
    put(content());
    expect(await refusal()).toEqual({ store: 'ca:s', file: 'a.pem' });
  });

  it('I15 accepted: text around certificates, as openssl prints it, and a byte order mark', async () => {
    put(`\ufeffCertificate:\n    Data:\n${rootPem}subject=CN = x\n${rootPem}`);
    expect(await directoryTrustStore(folder).certificates('ca', 's')).toHaveLength(2);
  });

  it('I15 accepted: two certificates, CRLF, no final newline', async () => {
    put(`${rootPem}${rootPem}`.replaceAll('\n', '\r\n').trimEnd());
    expect(await directoryTrustStore(folder).certificates('ca', 's')).toHaveLength(2);
  });

  it('I16 a leaf that is neither CA nor self-signed; self-signed ones and CAs are fine', async () => {
    const leaf = await authority.issueLeaf();
    const selfSigned = await authority.issueSelfSigned();
    await refusal('ca', 's', memoryTrustStore({ ca: { s: leaf.certificate } }));
    const store = memoryTrustStore({ ca: { s: [selfSigned.certificate, authority.issuer.certificate] } });
    expect(await store.certificates('ca', 's')).toHaveLength(2);
  });

  it('I16 a certificate whose serial number is negative', async () => {
    const { certificate } = await authority.issueCa({ serialNumber: -5n });
    for (const type of ['ca', 'signingAuthority'] as const)
      await refusal(type, 's', memoryTrustStore({ [type]: { s: certificate } }));
  });

  it('I16 a store that cannot be used says why: the algorithm, the key, or the kind of certificate', async () => {
    const messageOf = (certificates: Uint8Array) =>
      memoryTrustStore({ ca: { s: certificates } })
        .certificates('ca', 's')
        .then(
          () => '',
          (error: Error) => error.message,
        );
    const leaf = await authority.issueLeaf();
    expect(await messageOf(leaf.certificate)).toContain('is neither a CA certificate nor self-signed');
    const old = createIssuer('Old', 'rsa');
    const rsaWithSha1 = encodeSequence(encodeOid('1.2.840.113549.1.1.5'), encodeNull());
    expect(await messageOf(issueDer(old, old, { innerAlgorithm: rsaWithSha1 }))).toContain('1.2.840.113549.1.1.5');
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp224r1' });
    const other = issueDer(old, old, { subjectPublicKeyInfo: spkiOf(publicKey) });
    expect(await messageOf(other)).toContain('of a kind that is not supported (EC on P-224 (1.3.132.0.33))');
  });

  describe('I16 certificates that cannot be used', () => {
    const old = createIssuer('Old', 'rsa');
    const weak = issueDer(old, old, {
      innerAlgorithm: encodeSequence(encodeOid('1.2.840.113549.1.1.5'), encodeNull()),
    });
    const setAside = { unusableCertificates: 'setAside' } as const;

    it('are set aside when that was asked for, with a warning, and the others stay', async () => {
      const warned: unknown[] = [];
      const logger = { warn: (message: string, fields?: object) => warned.push([message, fields]) };
      const store = memoryTrustStore({ ca: { s: [weak, authority.root.certificate] } }, { ...setAside, logger });
      const found = await store.certificates('ca', 's');
      expect(found.map(({ der }) => der)).toEqual([authority.root.certificate]);
      expect(warned).toMatchObject([['a certificate of a trust store was set aside', { store: 'ca:s' }]]);
      put(weak, 'weak.crt');
      put(rootPem, 'root.pem');
      expect(await directoryTrustStore(folder, setAside).certificates('ca', 's')).toHaveLength(1);
      await refusal();
    });

    it('leave no store when nothing else is in it', async () => {
      await refusal('ca', 's', memoryTrustStore({ ca: { s: weak } }, setAside));
      put(weak, 'weak.crt');
      await refusal('ca', 's', directoryTrustStore(folder, setAside));
    });

    it('a certificate that breaks a rule of stores is never set aside', async () => {
      const leaf = (await authority.issueLeaf()).certificate;
      await refusal('ca', 's', memoryTrustStore({ ca: { s: [leaf, authority.root.certificate] } }, setAside));
      const issued = issueDer(createIssuer('Other'), old, {
        innerAlgorithm: encodeSequence(encodeOid('1.2.840.113549.1.1.5'), encodeNull()),
      });
      await refusal('ca', 's', memoryTrustStore({ ca: { s: [issued, authority.root.certificate] } }, setAside));
    });
  });

  it('I16 a tsa store holds roots only', async () => {
    const selfSigned = await authority.issueSelfSigned();
    await refusal('tsa', 's', memoryTrustStore({ tsa: { s: authority.issuer.certificate } }));
    await refusal('tsa', 's', memoryTrustStore({ tsa: { s: selfSigned.certificate } }));
    const store = memoryTrustStore({ tsa: { s: authority.root.certificate } });
    expect(await store.certificates('tsa', 's')).toHaveLength(1);
  });

  it('B2 more certificates than a store may have', async () => {
    const many = Array.from({ length: 1001 }, () => authority.root.certificate);
    await refusal('ca', 's', memoryTrustStore({ ca: { s: many } }));
  });

  it.each([null, undefined, 'text', 5, {}, new Array(1), [null], [{}]])(
    'B1 a store of others that answers what is not a list of certificates cannot be read: %j',
    async (answer) => {
      const store = { certificates: async () => answer } as unknown as TrustStore;
      const anchors = await pinAnchors(store, [{ type: 'ca', name: 's', text: 'ca:s' }]);
      expect(anchors.digest).toBeUndefined();
      await expect(anchors.certificates('ca', 's')).rejects.toMatchObject({ code: 'ERR_TRUST_STORE' });
    },
  );
});
