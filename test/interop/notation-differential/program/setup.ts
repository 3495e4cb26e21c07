import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Descriptor } from '@notarykit/oci';
import { encodePem } from '@notarykit/pki';
import { type SignEnvelopeOptions, signEnvelope, type VerifiedEnvelope } from '@notarykit/signature-envelope';
import {
  type Authority,
  createAuthority,
  createEmbeddedRegistry,
  type EmbeddedRegistry,
  type Issued,
} from '@notarykit/testing';
import { temporaryFolder } from '../../support/folder.js';

/** A file of a configuration: its content, and its mode where that is unusual. */
export type Files = Readonly<Record<string, string | Uint8Array | { readonly content: string; readonly mode: number }>>;

/** What the cases of the program are made with. */
export interface Setup {
  readonly folder: string;
  readonly lab: Authority;
  readonly leaf: Issued;
  readonly registry: EmbeddedRegistry;
  readonly host: string;
  /** A configuration of its own: the lab's, but for these files; `undefined` leaves one out. */
  configure(files?: Readonly<Record<string, Files[string] | undefined>>): string;
  close(): Promise<void>;
}

export const usualStatement = {
  name: 'p',
  registryScopes: ['*'],
  signatureVerification: { level: 'strict' },
  trustStores: ['ca:lab'],
  trustedIdentities: ['*'],
};

/** A policy file of one statement. */
export const policyFile = (statement: object = {}, document: object = {}): string =>
  JSON.stringify({ version: '1.0', trustPolicies: [{ ...usualStatement, ...statement }], ...document });

/** Sets up an authority, a registry and a folder for configurations. */
export async function createSetup(options: Parameters<typeof createEmbeddedRegistry>[0] = {}): Promise<Setup> {
  const folder = temporaryFolder();
  const lab = await createAuthority();
  const registry = createEmbeddedRegistry(options);
  const { host } = await registry.listen({ name: 'localhost' });
  const usual = {
    'trustpolicy.json': policyFile(),
    'truststore/x509/ca/lab/root.pem': encodePem('CERTIFICATE', lab.root.certificate),
  };
  let configurations = 0;
  return {
    folder,
    lab,
    leaf: await lab.issueLeaf(),
    registry,
    host,
    configure: (files = {}) => {
      const own = join(folder, `c${++configurations}`);
      mkdirSync(own);
      writeFiles(own, { ...usual, ...files });
      return own;
    },
    close: () => registry.close(),
  };
}

function writeFiles(folder: string, files: Readonly<Record<string, Files[string] | undefined>>): void {
  for (const [name, file] of Object.entries(files)) {
    if (file === undefined) continue;
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    const isPlain = typeof file === 'string' || file instanceof Uint8Array;
    writeFileSync(path, isPlain ? file : file.content);
    chmodSync(path, isPlain ? 0o600 : file.mode);
  }
}

/** A signature of the lab's signer over an artifact. */
export async function signed(
  { leaf }: Pick<Setup, 'leaf'>,
  target: Descriptor,
  options: Partial<SignEnvelopeOptions> = {},
): Promise<VerifiedEnvelope> {
  const { verified } = await signEnvelope(target, { signer: leaf.signer, ...options });
  return verified;
}
