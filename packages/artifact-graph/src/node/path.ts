import { quote } from '@notarykit/common/internal';
import { checkMemberName, OciError } from '@notarykit/oci/internal';

/** Names that Windows gives to devices, whatever their extension. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?$/i;

/** Most characters of a relative path: with the directory before it, what Linux takes is 4,095 bytes. */
const maxPath = 2048;

/**
 * Checks a relative path under which a file is written on any system: no device name, no trailing dot or blank, no `.git`, parts
 * of at most 255 bytes, 2,048 characters in all.
 *
 * @throws {OciError} `ERR_OCI_PATH`
 */
export function checkFilePath(name: string): string {
  if (name.length > maxPath)
    throw new OciError(
      'ERR_OCI_PATH',
      `expected a path of at most ${maxPath} characters, found ${name.length}: ${quote(name)}`,
    );
  const path = checkMemberName(name);
  const parts = path.split('/');
  const bad = parts.find((part) => part === '' || new TextEncoder().encode(part).length > 255 || isUnsafe(part));
  if (bad !== undefined)
    throw new OciError('ERR_OCI_PATH', `expected a file name that is safe on every system, found ${quote(name)}`);
  return path;
}

function isUnsafe(part: string): boolean {
  // Git runs what is in `.git/hooks`; nothing may be written there.
  return reserved.test(part) || /[<>:"|?*]/.test(part) || /[. ]$/.test(part) || isGitFolder(part);
}

/** Also the short name that Windows gives `.git`, and spellings with characters that HFS+ ignores in names. */
function isGitFolder(part: string): boolean {
  return /^(?:\.git|git~\d+)$/i.test(part.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, ''));
}

/** What two names have in common that a case-folding or normalising file system cannot tell apart. */
export function foldName(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
