import { type PluginSignerOptions, pluginEnvelopeSigner, pluginSigner } from '@notarykit/kms-providers/plugin';
import {
  type SignEnvelopeOptions,
  type SignedEnvelope,
  SignerError,
  signEnvelope,
} from '@notarykit/signature-envelope';
import { createAuthority, type Issued } from '@notarykit/testing';
import { expect } from 'vitest';
import { pluginScript } from './hostile.js';
import { createPluginFolder } from './lab.js';

/** Something to sign. */
export const target = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 3,
} as const;

type Sign = (options?: Partial<PluginSignerOptions>, signing?: Partial<SignEnvelopeOptions>) => Promise<SignedEnvelope>;

/** A plugin that departs from the contract as a test has it, and one who signs with it. */
export interface HostileLab {
  readonly directory: string;
  /** A key of another kind, and another key of the same. */
  readonly rsa: Issued;
  readonly other: Issued;
  /** Installs the plugin (`p` unless named); `change` is what it does differently. Gives its path. */
  install(change?: string, name?: string): Promise<string>;
  optionsOf(options?: Partial<PluginSignerOptions>): PluginSignerOptions;
  /** Signs by `generate-signature`. */
  readonly signRaw: Sign;
  /** Signs by `generate-envelope`. */
  readonly signWhole: Sign;
  close(): Promise<void>;
}

export async function createHostileLab(): Promise<HostileLab> {
  const folder = await createPluginFolder();
  const authority = await createAuthority();
  const leaf = await authority.issueLeaf();
  const optionsOf: HostileLab['optionsOf'] = (options = {}) =>
    ({ name: 'p', directory: folder.directory, keyId: 'key-1', ...options }) as PluginSignerOptions;
  return {
    directory: folder.directory,
    rsa: await authority.issueLeaf({ keySpec: 'RSA-2048' }),
    other: await authority.issueLeaf(),
    install: (change = '', name = 'p') => folder.install(name, pluginScript(name, leaf, change)),
    optionsOf,
    signRaw: (options, signing = {}) => signEnvelope(target, { signer: pluginSigner(optionsOf(options)), ...signing }),
    signWhole: (options, signing = {}) =>
      signEnvelope(target, { signer: pluginEnvelopeSigner(optionsOf(options)), ...signing }),
    close: folder.close,
  };
}

/** The error of a signer that must fail. */
export async function failureOf(work: () => Promise<unknown>): Promise<SignerError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof SignerError) return error;
    throw error;
  }
  throw new Error('it signed');
}

/** Refused with the code of the threat model, and with the text that says why. */
export async function expectRefused(work: () => Promise<unknown>, why: RegExp): Promise<void> {
  const { code, message } = await failureOf(work);
  expect({ code, message }).toEqual({ code: 'ERR_SIGNER_PLUGIN', message: expect.stringMatching(why) });
}
