import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeUtf8 } from '@notarykit/common/internal';
import { writeWhole } from '@notarykit/common/internal/node';
import {
  type ExtendedTrustPolicy,
  type PolicyWarning,
  parseAnyTrustPolicy,
  parseBlobTrustPolicy,
  type TrustPolicy,
} from '@notarykit/trust-policy/internal';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import { UsageError } from './command.js';
import { editFile, isThere, readParsed } from './files.js';

/** One of the policies of this machine. */
export interface PolicyKind {
  /** Names of its file, the first that is there counts. */
  readonly names: readonly string[];
  /** The one that every version of notation reads. */
  readonly usual: string;
  /** The words of its commands. */
  readonly words: string;
  /** Checks every rule of a document. */
  parse(document: Uint8Array | string): { readonly warnings: readonly PolicyWarning[] };
}

/** The policy for artifacts. The first name is one of notation-go since 1.3; the program `notation` 1.3 reads only the second. */
export const artifactPolicy: PolicyKind = {
  names: ['trustpolicy.oci.json', 'trustpolicy.json'],
  usual: 'trustpolicy.json',
  words: 'policy',
  parse: parseAnyTrustPolicy,
};

/** The policy for files. */
export const blobPolicy: PolicyKind = {
  names: ['trustpolicy.blob.json'],
  usual: 'trustpolicy.blob.json',
  words: 'blob policy',
  parse: parseBlobTrustPolicy,
};

const pathOf = (name: string): string => join(notationConfiguration().paths.config, name);

/** The policy of this machine, whatever it contains: one that cannot be read does not give way to an older one. */
export async function findPolicy({ names }: PolicyKind): Promise<string | undefined> {
  for (const path of names.map(pathOf)) if (await isThere(path)) return path;
  return undefined;
}

/** Where a policy of this machine may be. */
export const policyPaths = ({ names }: PolicyKind = artifactPolicy): readonly string[] => names.map(pathOf);

/** The path of a policy of this machine. */
export async function policyPath(kind: PolicyKind = artifactPolicy): Promise<string> {
  const path = await findPolicy(kind);
  if (path !== undefined) return path;
  const [first, second] = kind.names.map(pathOf);
  const where = second === undefined ? String(first) : `neither ${first} nor ${second}`;
  throw new Error(
    `there is no trust policy: ${where}; write one with "notarykit ${kind.words} init" or "notarykit ${kind.words} import"`,
  );
}

/** Reads a policy document, plain or extended. Default: the trust policy of this machine. */
export async function readPolicyFile(path?: string): Promise<TrustPolicy | ExtendedTrustPolicy> {
  return await readParsed(path ?? (await policyPath()), (bytes) => parseAnyTrustPolicy(bytes));
}

/** The text of a policy that holds to every rule; what breaks one is said with the name of the file. */
export async function readPolicyText(path: string, kind: PolicyKind = artifactPolicy): Promise<string> {
  return await readParsed(path, (bytes) => {
    kind.parse(bytes);
    return decodeUtf8(bytes);
  });
}

/** Where a policy was written. */
export interface WrittenPolicy {
  readonly path: string;
}

/** Writes a policy of this machine, after every rule of it was checked. One that is there, under any name, counts on unless `force`. */
export async function writePolicy(
  text: string,
  force: boolean,
  kind: PolicyKind = artifactPolicy,
): Promise<WrittenPolicy> {
  kind.parse(text);
  const before = await findPolicy(kind);
  if (before !== undefined && !force) throw policyThere(before);
  const path = before ?? pathOf(kind.usual);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await write(path, text, force);
  return { path };
}

async function write(path: string, text: string, force: boolean): Promise<void> {
  try {
    await (force ? editFile(path, async () => ({ text })) : writeWhole(path, text, { replace: false }));
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? policyThere(path) : error;
  }
}

function policyThere(path: string): UsageError {
  return new UsageError(
    `there is a trust policy at ${path}; see what would change with "notarykit policy diff", replace it with --force`,
  );
}

/** What is said of a written policy. */
export const writtenText = ({ path }: WrittenPolicy): string => `wrote ${path}`;
