import type { ImageFile } from './layer.js';
import type { NewLayer } from './push.js';

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
  readonly maintainer?: string;
}

/** Images without a package manager keep one record per package, as Debian's does in its status file. */
function packageRecord(of: DebianPackage): ImageFile {
  const {
    name,
    version,
    source,
    architecture = 'amd64',
    maintainer = 'Base Images Inc. <images@base-images.test>',
  } = of;
  const lines = [
    `Package: ${name}`,
    'Status: install ok installed',
    ...(source === undefined ? [] : [`Source: ${source}`]),
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${maintainer}`,
    `Description: ${name} in an image of the story`,
  ];
  return { path: `var/lib/dpkg/status.d/${name}`, content: `${lines.join('\n')}\n` };
}

/** The layers of `base/debian:12`; names and versions of packages are those of Debian 12. */
export const debian: readonly NewLayer[] = [
  {
    createdBy: 'ADD rootfs.tar /',
    files: [
      { path: 'etc/os-release', content: osRelease },
      packageRecord({ name: 'libc6', version: '2.36-9+deb12u1', source: 'glibc' }),
    ],
  },
  {
    createdBy: 'RUN apt-get install --yes ca-certificates libssl3',
    files: [
      packageRecord({ name: 'ca-certificates', version: '20230311', architecture: 'all' }),
      packageRecord({ name: 'libssl3', version: '3.0.9-1', source: 'openssl' }),
    ],
  },
];

/** The build context of `net-monitor`: the files that its Dockerfile copies. */
export const netMonitor: readonly ImageFile[] = [
  { path: 'usr/bin/net-monitor', content: '#!/bin/sh\necho "net-monitor 1.0.0"\n', executable: true },
  packageRecord({ name: 'net-monitor', version: '1.0.0', maintainer: 'Wabbit Networks <build@wabbit-networks.test>' }),
];

/** The Dockerfile of `net-monitor`, for a registry. */
export const dockerfileFor = (host: string): string =>
  [`ARG BASE=${host}/base/debian:12`, `FROM \${BASE}`, 'COPY . /', 'CMD ["/usr/bin/net-monitor"]', ''].join('\n');
