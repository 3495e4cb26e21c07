import { constants, createPrivateKey, generateKeyPairSync, type KeyObject, sign as nodeSign } from 'node:crypto';
import { utf8 } from '@notarykit/common';
import { localSigner } from '@notarykit/kms-providers/local';
import { buildPath, encodePem, parseCertificate, parseCertificates, parsePem, parsePrivateKey } from '@notarykit/pki';
import { fromDigestSigner, fromPayloadSigner, type Signer } from '@notarykit/signature-envelope';
import { createAuthority } from '@notarykit/testing';
import { signBlob } from 'notarykit';
import { tellMistakes } from './mistake.ts';

const authority = await createAuthority({ name: 'Wabbit' });
const leaf = await authority.issueLeaf();
const other = await authority.issueLeaf();
const rsa = await authority.issueLeaf({ keySpec: 'RSA-2048' });
const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const koblitz = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
const brainpool = generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }).privateKey;
const edwards = generateKeyPairSync('ed25519').privateKey;
const dsa = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey;
const timestamping = await authority.issueTimestamping();
const ended = await authority.issueLeaf({ notBefore: new Date('2020-01-01'), notAfter: new Date('2020-02-01') });
const [, intermediate, root] = leaf.chain as [Uint8Array, Uint8Array, Uint8Array];
const pem = (...ders: readonly Uint8Array[]): string => ders.map((der) => encodePem('CERTIFICATE', der)).join('');
const pkcs8 = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const encrypted = createPrivateKey(leaf.privateKeyPem)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'a long one' })
  .toString();

const blob = utf8('x');
const signed = (signer: Signer) => signBlob(blob, { signer });
const local = (privateKey: string, certificateChain: string, password?: string) =>
  signed(localSigner({ privateKey, certificateChain, ...(password === undefined ? {} : { password }) }));

tellMistakes('keys', [
  {
    name: 'a wrong password',
    make: () => local(encrypted, leaf.pem, 'another one'),
    code: 'ERR_SIGNER_VALIDATION',
    found: 'password',
  },
  { name: 'no password', make: () => local(encrypted, leaf.pem), code: 'ERR_SIGNER_VALIDATION', remedy: 'password' },
  {
    name: 'a certificate as key',
    make: () => local(leaf.pem, leaf.pem),
    code: 'ERR_SIGNER_VALIDATION',
    expected: 'private key',
    found: 'CERTIFICATE',
  },
  {
    name: 'a public key as key',
    make: () => parsePrivateKey(encodePem('PUBLIC KEY', utf8('x'))),
    code: 'ERR_PKI_KEY',
    expected: 'private key',
    found: 'PUBLIC KEY',
  },
  {
    name: 'an OpenSSH key',
    make: () => parsePrivateKey(encodePem('OPENSSH PRIVATE KEY', utf8('x'))),
    code: 'ERR_PKI_KEY',
    found: 'OpenSSH',
    remedy: 'ssh-keygen',
  },
  { name: 'an empty key', make: () => parsePrivateKey(''), code: 'ERR_PKI_CERTIFICATE', found: 'none' },
  {
    name: 'a key with "\\n" for line breaks',
    make: () => parsePrivateKey(leaf.privateKeyPem.replaceAll('\n', '\\n')),
    code: 'ERR_PKI_CERTIFICATE',
    remedy: 'line breaks',
  },
  {
    name: 'two keys',
    make: () => parsePrivateKey(`${leaf.privateKeyPem}${other.privateKeyPem}`),
    code: 'ERR_PKI_KEY',
    expected: 'one',
    found: '2',
  },
  {
    name: 'RSA of 1024 bits',
    make: () => local(pkcs8(short), leaf.pem),
    code: 'ERR_SIGNER_VALIDATION',
    where: 'Wabbit Signer',
    found: 'signing key',
  },
  {
    name: 'the curve secp256k1',
    make: () => local(pkcs8(koblitz), leaf.pem),
    code: 'ERR_SIGNER_VALIDATION',
    expected: 'P-256',
    found: 'secp256k1',
  },
  {
    name: 'a Brainpool curve',
    make: () => local(pkcs8(brainpool), leaf.pem),
    code: 'ERR_SIGNER_VALIDATION',
    expected: 'P-256',
    found: 'brainpoolP256r1',
  },
  {
    name: 'Ed25519',
    make: () => local(pkcs8(edwards), leaf.pem),
    code: 'ERR_SIGNER_VALIDATION',
    expected: 'RSA',
    found: 'Ed25519',
  },
  {
    name: 'DSA',
    make: () => local(pkcs8(dsa), leaf.pem),
    code: 'ERR_SIGNER_VALIDATION',
    expected: 'RSA',
    found: 'DSA',
  },
  {
    name: 'a key of another certificate',
    make: () => local(other.privateKeyPem, leaf.pem),
    code: 'ERR_SIGNER_VALIDATION',
    found: 'none of the certificates',
  },
]);

tellMistakes('certificate chains', [
  {
    name: 'a key as chain',
    make: () => local(leaf.privateKeyPem, leaf.privateKeyPem),
    code: 'ERR_SIGNER_VALIDATION',
    expected: 'a certificate',
    found: 'private keys',
  },
  { name: 'an empty chain', make: () => local(leaf.privateKeyPem, ''), code: 'ERR_SIGNER_VALIDATION', found: 'none' },
  {
    name: 'the root is missing',
    make: () => local(leaf.privateKeyPem, pem(leaf.chain[0] as Uint8Array, intermediate)),
    code: 'ERR_SIGNER_VALIDATION',
    where: 'Wabbit',
    expected: 'Root',
    remedy: 'root',
  },
  {
    name: 'the intermediate is missing',
    make: () => local(leaf.privateKeyPem, pem(leaf.chain[0] as Uint8Array, root)),
    code: 'ERR_SIGNER_VALIDATION',
    where: 'Wabbit Signer',
    expected: 'Intermediate',
    remedy: 'issuer',
  },
  {
    name: 'only the leaf',
    make: () => local(leaf.privateKeyPem, pem(leaf.chain[0] as Uint8Array)),
    code: 'ERR_SIGNER_VALIDATION',
    expected: 'Intermediate',
    remedy: 'issuer',
  },
  {
    name: 'a certificate too many',
    make: () => local(leaf.privateKeyPem, leaf.pem + pem(timestamping.chain[0] as Uint8Array)),
    code: 'ERR_SIGNER_VALIDATION',
    found: 'no place',
  },
  {
    name: 'a timestamping certificate',
    make: () => signed(timestamping.signer),
    code: 'ERR_SIGNER_VALIDATION',
    where: 'Wabbit Timestamping',
    found: 'timeStamping',
  },
  {
    name: 'a certificate that has ended',
    make: () => signed(ended.signer),
    code: 'ERR_SIGNER_VALIDATION',
    found: '2020-02-01',
  },
  {
    name: 'DER that is cut',
    make: () => parseCertificates(root.slice(0, 50)),
    code: 'ERR_PKI_ASN1',
    expected: 'at most 46',
  },
  {
    name: 'base64 without its first line',
    make: () => parsePem('MIIBhTCCASsC'),
    code: 'ERR_PKI_CERTIFICATE',
    found: 'base64',
    remedy: '-----BEGIN',
  },
  {
    name: 'a request where a certificate is meant',
    make: () => parseCertificates(encodePem('CERTIFICATE REQUEST', utf8('x'))),
    code: 'ERR_PKI_CERTIFICATE',
    expected: 'CERTIFICATE',
    found: 'CERTIFICATE REQUEST',
  },
]);

const stranger = parseCertificate((await createAuthority({ name: 'Acme' })).root.certificate);
const below = (...ders: readonly Uint8Array[]) =>
  buildPath(parseCertificate(leaf.chain[0] as Uint8Array), {
    anchors: [stranger],
    intermediates: ders.map((der) => parseCertificate(der)),
  });

tellMistakes('paths', [
  {
    name: 'the root is not trusted',
    make: () => below(intermediate, root),
    code: 'ERR_PKI_CHAIN',
    where: 'Wabbit Root',
    expected: 'trusted',
    found: parseCertificate(root).fingerprint,
  },
  {
    name: 'the issuer is not there',
    make: () => below(),
    code: 'ERR_PKI_CHAIN',
    where: 'Wabbit Signer',
    expected: 'Wabbit Intermediate',
  },
]);

const ec = createPrivateKey(leaf.privateKeyPem);
const rsaKey = createPrivateKey(rsa.privateKeyPem);
const raw = 'ieee-p1363' as const;
const bytes = (signature: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(signature);
const ofPayload = (chain: readonly Uint8Array[], sign: (payload: Uint8Array) => Buffer) =>
  signed(fromPayloadSigner(chain as never, async (payload) => bytes(sign(payload))));
const pss = (saltLength: number) => ({ key: rsaKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
const code = 'ERR_SIGNER_VALIDATION';

tellMistakes('signers', [
  {
    name: 'ECDSA as DER',
    make: () => ofPayload(leaf.chain, (payload) => nodeSign('sha256', payload, ec)),
    code,
    expected: 'r and s',
    found: 'DER',
    remedy: 'ecdsaDerToP1363',
  },
  {
    name: 'ECDSA, hashed twice',
    make: () =>
      signed(
        fromDigestSigner(leaf.chain as never, async (digest) =>
          bytes(nodeSign('sha256', digest, { key: ec, dsaEncoding: raw })),
        ),
      ),
    code,
    found: 'twice',
  },
  {
    name: 'RSA, hashed twice',
    make: () =>
      signed(fromDigestSigner(rsa.chain as never, async (digest) => bytes(nodeSign('sha256', digest, pss(32))))),
    code,
    found: 'twice',
  },
  {
    name: 'RSA with the longest salt',
    make: () => ofPayload(rsa.chain, (payload) => nodeSign('sha256', payload, pss(constants.RSA_PSS_SALTLEN_MAX_SIGN))),
    code,
    expected: '32',
    found: 'salt',
  },
  {
    name: 'RSA without salt',
    make: () => ofPayload(rsa.chain, (payload) => nodeSign('sha256', payload, pss(0))),
    code,
    expected: '32',
    found: 'salt has 0',
  },
  {
    name: 'RSA with PKCS #1 v1.5',
    make: () => ofPayload(rsa.chain, (payload) => nodeSign('sha256', payload, rsaKey)),
    code,
    expected: 'PSS',
    found: 'PKCS1',
  },
  {
    name: 'another hash',
    make: () => ofPayload(rsa.chain, (payload) => nodeSign('sha512', payload, pss(64))),
    code,
    expected: 'SHA-256',
    found: 'SHA-512',
  },
  {
    name: 'another key',
    make: () =>
      ofPayload(leaf.chain, (payload) =>
        nodeSign('sha256', payload, { key: createPrivateKey(other.privateKeyPem), dsaEncoding: raw }),
      ),
    code,
    found: 'key',
  },
  {
    name: 'a signature that is too short',
    make: () => ofPayload(leaf.chain, () => Buffer.alloc(10)),
    code,
    expected: '64',
    found: '10',
  },
  {
    name: 'no signature',
    make: () => signed(fromPayloadSigner(leaf.chain as never, async () => undefined as never)),
    code,
    found: 'undefined',
  },
  {
    name: 'an error without code',
    make: () =>
      ofPayload(leaf.chain, () => {
        throw new Error('the HSM is offline');
      }),
    code: 'ERR_SIGNER',
    found: 'the HSM is offline',
  },
  {
    name: 'a long error, whose reason stands at the end',
    make: () =>
      ofPayload(leaf.chain, () => {
        throw new Error(`${'x'.repeat(300)} the HSM is offline`);
      }),
    code: 'ERR_SIGNER',
    found: 'the HSM is offline',
  },
  {
    name: 'no chain',
    make: () => signed(fromPayloadSigner([] as never, async (payload) => payload as never)),
    code,
    expected: 'certificate chain',
    found: 'none',
  },
]);
