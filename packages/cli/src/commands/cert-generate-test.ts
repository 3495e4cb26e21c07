import { createPublicKey, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { formatTime } from '@notarykit/common/internal';
import { writeWhole } from '@notarykit/common/internal/node';
import { createSelfSigned, encodePem, parsePublicKey } from '@notarykit/pki/internal';
import { isTrustStoreName } from '@notarykit/trust-policy/internal';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import { type Command, UsageError } from '../shell/command.js';
import { isThere } from '../shell/files.js';
import { outputOptions } from '../shell/output.js';
import { editKeys, withKey } from '../shell/signing-keys-file.js';
import { fileIn, storeAt } from '../shell/trust-store-files.js';
import { addCertificates } from './cert-add.js';

const sizes = ['2048', '3072', '4096'] as const;
const dayMs = 24 * 60 * 60 * 1000;

export const certGenerateTestCommand: Command = {
  usage: 'cert generate-test <name>',
  summary: 'Make an RSA key and a self-signed certificate of one day, for tests, and trust it in the store "ca:<name>"',
  options: {
    bits: { type: 'string', short: 'b', value: 'bits', choices: sizes, help: 'size of the key; default 2048' },
    default: { type: 'boolean', help: 'sign with this key unless another is named' },
    ...outputOptions,
  },
  examples: ['cert generate-test --default wabbit-networks.io'],
  async run(args, terminal) {
    const [name = ''] = args.positionals;
    if (!isTrustStoreName(name)) throw new UsageError(`expected a name of letters, digits and "_.-", found "${name}"`);
    const made = placesOf(name);
    await checkFree(name, made);
    const bits = Number(args.text('bits') ?? sizes[0]);
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits });
    const notAfter = new Date(Math.floor(Date.now() / 1000) * 1000 + dayMs);
    await keep(made, privateKey, encodePem('CERTIFICATE', await selfSigned(privateKey, name, notAfter)));
    const { keyPath, certificatePath } = made;
    await editKeys((list) => withKey(list, { name, keyPath, certificatePath }, args.flag('default')));
    await addCertificates(storeAt('ca', name), certificatePath);
    const lines = [
      `wrote the key ${keyPath}`,
      `wrote the certificate ${certificatePath}, which ends at ${formatTime(notAfter)}`,
      `added it to ca:${name}, and the key to signingkeys.json${args.flag('default') ? ' as the default' : ''}`,
    ];
    const value = { name, keyPath, certificatePath, store: `ca:${name}`, notAfter, default: args.flag('default') };
    terminal.result(value, lines.join('\n'));
    return 0;
  },
};

/** What is made for a name. */
interface Places {
  readonly keyPath: string;
  readonly certificatePath: string;
  /** The certificate again, where it is trusted. */
  readonly anchorPath: string;
}

function placesOf(name: string): Places {
  const folder = join(notationConfiguration().paths.config, 'localkeys');
  const certificate = `${name}.crt`;
  return {
    keyPath: join(folder, `${name}.key`),
    certificatePath: join(folder, certificate),
    anchorPath: fileIn(storeAt('ca', name), certificate),
  };
}

/** Before anything is made: a key without its certificate would block the next attempt. */
async function checkFree(name: string, places: Places): Promise<void> {
  const { keys } = await notationConfiguration().signingKeys();
  const paths = Object.values(places) as readonly string[];
  const there = await Promise.all(paths.map(isThere));
  const taken = keys.some((key) => key.name === name) ? 'signingkeys.json' : paths.find((_, i) => there[i]);
  if (taken !== undefined)
    throw new UsageError(`"${name}" is taken by ${taken}: take another name, or delete that first`);
}

async function keep({ keyPath, certificatePath }: Places, privateKey: KeyObject, certificate: string): Promise<void> {
  await mkdir(dirname(keyPath), { recursive: true, mode: 0o700 });
  await writeWhole(keyPath, privateKey.export({ type: 'pkcs8', format: 'pem' }), { replace: false });
  await writeWhole(certificatePath, certificate, { replace: false, mode: 0o644 });
}

/** As notation makes it, so that trust policies for the one are good for the other. */
async function selfSigned(privateKey: KeyObject, name: string, notAfter: Date): Promise<Uint8Array> {
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return await createSelfSigned({
    subject: { C: 'US', ST: 'WA', L: 'Seattle', O: 'Notary', CN: name },
    publicKey: parsePublicKey(new Uint8Array(der)),
    scheme: 'rsassa-pkcs1',
    notBefore: new Date(notAfter.getTime() - dayMs),
    notAfter,
    sign: async (data, { hash }) => new Uint8Array(sign(hash, data, privateKey)),
  });
}
