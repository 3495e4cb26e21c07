import { closeSync, openSync, readSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { readEvidence } from './documents.mjs';
import { readPki } from './pki.mjs';

/** Reads every file under a folder with the reader of its kind, one after the other, and yields what came of each. */
export async function* readFolder(folder) {
  for (const path of await filesUnder(folder)) yield { path, ...(await readFile(path)) };
}

async function filesUnder(folder) {
  const found = [];
  for await (const entry of await opendir(folder, { recursive: true }))
    if (entry.isFile()) found.push(join(entry.parentPath ?? entry.path, entry.name));
  return found.sort();
}

async function readFile(path) {
  try {
    const reader = readerOf(firstBytes(path), path);
    return reader === undefined ? { skipped: true } : await reader(path);
  } catch (error) {
    // A reader must refuse with a code: anything else is a fault of ours, and is what this script looks for.
    return { crashed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function firstBytes(path) {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(64 * 1024);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}

/** The reader for what a file begins with. Text that is none of it, and whatever else lies in a folder, is skipped. */
function readerOf(bytes, path) {
  if (bytes.length === 0) return undefined;
  const text = new TextDecoder('latin1').decode(bytes);
  if (/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*[[{<]/.test(text) || /^SPDXVersion:/m.test(text)) return readEvidence;
  if (text.includes('-----BEGIN ')) return readPki;
  if (bytes[0] === 0x30 && !/^[\x09\x0a\x0d\x20-\x7e]{2,}/.test(text.slice(0, 16))) return readPki;
  if (/\.(crt|cer|der|pem|crl|p12|pfx|key|csr|tsr|tst|ocsp)$/i.test(path)) return readPki;
  return undefined;
}
