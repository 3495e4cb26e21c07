// Certificates, keys, certificate requests, revocation lists, OCSP answers, timestamp tokens and PKCS #12 files. Of a key only its kind is
// told, never a part of it.
import { readFile } from 'node:fs/promises';
import { isCodedError } from '@notarykit/common';
import { parseCertificate, parseCertificates, parsePem, parsePkcs12, parsePrivateKey } from '@notarykit/pki';
import { parseCrl, parseCsr, parseOcspResponse, parseTimestampToken } from '@notarykit/pki/internal';

/** Reads a file of PKI, PEM or DER: what it is, or the coded reason why not. */
export async function readPki(path) {
  const bytes = new Uint8Array(await readFile(path));
  const text = labelsOf(bytes);
  return text === undefined ? await firstOf(derReaders(path), bytes) : await readPem(bytes, text);
}

/** The labels of a PEM file; nothing when there is no block. */
function labelsOf(bytes) {
  const found = new TextDecoder('latin1').decode(bytes).match(/-----BEGIN [A-Z0-9 ]+-----/g);
  return found === null ? undefined : new Set(found.map((line) => line.slice(11, -5)));
}

async function readPem(bytes, labels) {
  const blocks = (read) => parsePem(new TextDecoder().decode(bytes)).map(({ der }) => read(der));
  if ([...labels].some((label) => label.endsWith('PRIVATE KEY')))
    return await attempt('private key', () => readKey(bytes));
  if (labels.has('X509 CRL')) return await attempt('CRL, PEM', () => ({ lists: blocks(parseCrl).length }));
  if (labels.has('CERTIFICATE REQUEST') || labels.has('NEW CERTIFICATE REQUEST'))
    return await attempt('certificate request, PEM', () => ({ requests: blocks(parseCsr).length }));
  return await attempt('certificates, PEM', () => ({ certificates: parseCertificates(bytes).length }));
}

async function readKey(bytes) {
  await parsePrivateKey(bytes, { maxIterations: 100_000 });
  return { keys: 1 };
}

const der = {
  certificate: (bytes) => ({ certificates: parseCertificate(bytes) && 1 }),
  CRL: (bytes) => ({ lists: parseCrl(bytes) && 1 }),
  'OCSP answer': (bytes) => ({ answers: parseOcspResponse(bytes) && 1 }),
  'timestamp token': (bytes) => ({ tokens: parseTimestampToken(bytes) && 1 }),
  'certificate request': (bytes) => ({ requests: parseCsr(bytes) && 1 }),
  'private key': readKey,
  'PKCS #12': async (bytes) => ({
    certificates: (await parsePkcs12(bytes, { password: '', keys: 'skip', maxIterations: 100_000 })).certificates
      .length,
  }),
};
const byName = [
  [/\.(crt|cer|der|pem)$/i, 'certificate'],
  [/\.crl$/i, 'CRL'],
  [/\.(ocsp|ors|resp)$/i, 'OCSP answer'],
  [/\.(tst|tsr|p7s|p7m)$/i, 'timestamp token'],
  [/\.(csr|p10|req)$/i, 'certificate request'],
  [/\.(key|pk8|p8)$/i, 'private key'],
  [/\.(p12|pfx)$/i, 'PKCS #12'],
];

/** What the name says first: its reason is the one that is told when nothing can read the file. */
function derReaders(path) {
  const likely = byName.find(([pattern]) => pattern.test(path))?.[1];
  const names = Object.keys(der).filter((name) => name !== likely);
  return (likely === undefined ? names : [likely, ...names]).map((name) => [name, der[name]]);
}

async function firstOf(readers, bytes) {
  let first;
  for (const [name, read] of readers) {
    const outcome = await attempt(name, () => read(bytes));
    if (outcome.refused === undefined) return outcome;
    first ??= outcome;
  }
  return first;
}

async function attempt(kind, read) {
  try {
    return { kind: `pki ${kind}`, counts: await read(), notes: [] };
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return { refused: { code: error.code, message: `${kind}: ${error.message}` } };
  }
}
