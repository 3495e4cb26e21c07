import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { isMissing, readSmallText, unreadable } from '../small-file.js';
import type { HostEntry } from './hosts-document.js';
import type { PullSource } from './pull-sources.js';
import { misconfigured } from './toml-table.js';

const code = 'ERR_REGISTRY_CONFIGURATION';

/** Files with certificates, by name or path. */
export type CertificateFiles = Pick<HostEntry, 'ca' | 'client' | 'where'>;

/**
 * The folder of a registry: its name with the port as `host_port_`, its name as it is, or `_default`; of several places the first that
 * exists.
 */
export async function folderOf(registry: string, directories: readonly string[]): Promise<string | undefined> {
  const spelled = registry.replace(/(?<=.):([^:]*)$/, '_$1_');
  for (const directory of directories)
    for (const name of new Set([spelled, registry, '_default'])) {
      const path = join(directory, name);
      if (await isThere(path)) return path;
    }
  return undefined;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (isMissing(cause)) return false;
    throw unreadable(path, code, cause);
  }
}

/** Where there is no `hosts.toml`: `*.crt` are authorities, `*.cert` and the `*.key` of the same name are client certificates. */
export async function certificateFiles(folder: string): Promise<CertificateFiles> {
  const names = await namesIn(folder);
  const end = (suffix: string) => names.filter((name) => name.endsWith(suffix));
  const keyOf = (name: string): string => `${name.slice(0, -'.cert'.length)}.key`;
  return {
    ca: end('.crt'),
    client: end('.cert').map((name) => [name, names.includes(keyOf(name)) ? keyOf(name) : name]),
    where: folder,
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (cause) {
    throw unreadable(folder, code, cause);
  }
}

/** The content of the files; relative paths start in the folder. */
export async function certificatesOf(
  folder: string,
  { ca, client, where }: CertificateFiles,
): Promise<Pick<PullSource, 'authorities' | 'clientCertificate'>> {
  if (client.length > 1) throw misconfigured(where, `expected one client certificate, found ${client.length}`);
  const read = (path: string): Promise<string> => pemAt(isAbsolute(path) ? path : join(folder, path));
  const authorities = await Promise.all(ca.map(read));
  const [cert, key] = await Promise.all((client[0] ?? []).map(read));
  return {
    ...(authorities.length === 0 ? {} : { authorities }),
    ...(cert === undefined || key === undefined ? {} : { clientCertificate: { cert, key } }),
  };
}

async function pemAt(path: string): Promise<string> {
  const text = await readSmallText(path, code);
  if (text === undefined) throw misconfigured(path, 'there is no such file');
  if (text.includes('-----BEGIN ')) return text;
  throw misconfigured(path, 'expected PEM, found something else');
}
