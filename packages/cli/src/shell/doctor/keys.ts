import { readFile, stat } from 'node:fs/promises';
import { formatTime } from '@notarykit/common/internal';
import { parseCertificates } from '@notarykit/pki/internal';
import { notationConfiguration, type SigningKey } from '@notarykit/trust-policy/node';
import { examine, type Finding, fine, warning } from './finding.js';

/** Whether the keys of notation's `signingkeys.json` can sign now, and whether others can read them. Keys are not opened. */
export function examineKeys(now: Date): Promise<readonly Finding[]> {
  return examine('keys', 'correct signingkeys.json', async () => {
    const { keys } = await notationConfiguration().signingKeys();
    if (keys.length === 0) return [fine('keys', 'signingkeys.json names none: nothing is signed without options')];
    return (await Promise.all(keys.map((key) => examineKey(key, now)))).flat();
  });
}

async function examineKey(key: SigningKey, now: Date): Promise<readonly Finding[]> {
  if (!('keyPath' in key)) return [fine('keys', `"${key.name}" is behind the plugin ${key.plugin}`)];
  const { name, keyPath, certificatePath } = key;
  return await examine('keys', `correct "${name}" in signingkeys.json, or take it out`, async () => {
    const { mode } = await stat(keyPath);
    const [leaf] = parseCertificates(new Uint8Array(await readFile(certificatePath)));
    const ends = leaf === undefined ? undefined : formatTime(leaf.notAfter);
    if (leaf === undefined || leaf.notAfter < now)
      return [
        {
          area: 'keys',
          state: 'error',
          message: `the certificate of "${name}" ended ${ends}`,
          remedy: 'get a new one',
        },
      ];
    const open = warning('keys', `others on this machine can read ${keyPath}`, `chmod 600 ${keyPath}`);
    const isOpen = process.platform !== 'win32' && (mode & 0o077) !== 0;
    return [fine('keys', `"${name}" can sign until ${ends}`), ...(isOpen ? [open] : [])];
  });
}
