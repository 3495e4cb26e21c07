import { concatBytes, utf8 } from '@notarykit/common';
import { buildTarEntry, tarEnd, tarPadding } from '@notarykit/oci';

/** A file of an image, by its path from the root. */
export interface ImageFile {
  readonly path: string;
  readonly content: string;
  readonly executable?: boolean;
}

const osRelease = `NAME="Debian GNU/Linux"
ID=debian
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
`;

interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly source?: string;
  readonly architecture?: string;
}

/** What the image is made of; names and versions are those of Debian 12. */
const packages: readonly DebianPackage[] = [
  { name: 'ca-certificates', version: '20230311', architecture: 'all' },
  { name: 'libc6', version: '2.36-9+deb12u1', source: 'glibc' },
  { name: 'libssl3', version: '3.0.9-1', source: 'openssl' },
];

/** Images without a package manager keep one record per package, as Debian's does in its status file. */
function packageRecord({ name, version, source, architecture = 'amd64' }: DebianPackage): ImageFile {
  const lines = [
    `Package: ${name}`,
    'Status: install ok installed',
    ...(source === undefined ? [] : [`Source: ${source}`]),
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    'Maintainer: Wabbit Networks <build@wabbit-networks.test>',
    `Description: ${name} in the image of net-monitor`,
  ];
  return { path: `var/lib/dpkg/status.d/${name}`, content: `${lines.join('\n')}\n` };
}

/** The file system of `net-monitor`. */
export const netMonitor: readonly ImageFile[] = [
  { path: 'etc/os-release', content: osRelease },
  { path: 'usr/bin/net-monitor', content: '#!/bin/sh\necho "net-monitor 1.0.0"\n', executable: true },
  ...packages.map(packageRecord),
];

/** A layer with the files in it and the directories above them; equal files give equal bytes. */
export function layerOf(files: readonly ImageFile[]): Uint8Array<ArrayBuffer> {
  const directories = new Set(files.flatMap(({ path }) => parentsOf(path)));
  const entries = [...directories]
    .sort()
    .map((name) => buildTarEntry({ name, type: 'directory', mode: 0o755, size: 0 }));
  const members = files.flatMap(({ path, content, executable }) => {
    const bytes = utf8(content);
    const mode = executable === true ? 0o755 : 0o644;
    return [buildTarEntry({ name: path, type: 'file', mode, size: bytes.length }), bytes, tarPadding(bytes.length)];
  });
  return concatBytes([...entries, ...members, tarEnd()]);
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}
