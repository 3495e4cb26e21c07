import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePem } from '@notarykit/pki';
import type { Issued } from '@notarykit/testing';
import { peer } from '../../../scripts/peers.mjs';
import { labPolicy as policyOfLab } from '../../support/lab-policy.js';
import { type ProgramResult, runProgram } from './program.ts';

/** Its own `notation`: configuration, keys and trust store in a folder of the test. */
export interface Notation {
  (...args: string[]): Promise<ProgramResult>;
  readonly folder: string;
}

/** A trust policy that trusts whoever the store `ca:lab` vouches for. */
export const labPolicy = policyOfLab();

/** Sets `notation` up in `folder`: trusts `root`, and signs with each of `keys` by its name. */
export async function createNotation(
  folder: string,
  options: { root: Uint8Array; keys?: Readonly<Record<string, Issued>>; env?: Readonly<Record<string, string>> },
): Promise<Notation> {
  const program = await peer('notation');
  const store = join(folder, 'truststore', 'x509', 'ca', 'lab');
  mkdirSync(store, { recursive: true });
  writeFileSync(join(store, 'root.pem'), encodePem('CERTIFICATE', options.root));
  writeFileSync(join(folder, 'trustpolicy.json'), JSON.stringify(labPolicy));
  writeKeys(folder, options.keys ?? {});
  const env = {
    NOTATION_CONFIG: folder,
    NOTATION_LIBEXEC: folder,
    NOTATION_CACHE: join(folder, 'cache'),
    DOCKER_CONFIG: folder,
    HOME: folder,
    ...options.env,
  };
  return Object.assign((...args: string[]) => runProgram(program, args, { env, cwd: folder }), { folder });
}

function writeKeys(folder: string, keys: Readonly<Record<string, Issued>>): void {
  mkdirSync(join(folder, 'localkeys'), { recursive: true });
  const list = Object.entries(keys).map(([name, { privateKeyPem, pem }]) => {
    const keyPath = join(folder, 'localkeys', `${name}.key`);
    const certPath = join(folder, 'localkeys', `${name}.crt`);
    writeFileSync(keyPath, privateKeyPem, { mode: 0o600 });
    writeFileSync(certPath, pem);
    return { name, keyPath, certPath };
  });
  writeFileSync(join(folder, 'signingkeys.json'), JSON.stringify({ keys: list }));
}
