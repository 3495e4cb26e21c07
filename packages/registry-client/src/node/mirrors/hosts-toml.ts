import { join } from 'node:path';
import { readSmallText } from '../small-file.js';
import { type HostEntry, parseHosts } from './hosts-document.js';
import { certificateFiles, certificatesOf, folderOf } from './hosts-files.js';
import type { MirrorConfiguration, PullSource, PullSources } from './pull-sources.js';
import { type PulledName, pulledName } from './pulled-name.js';
import { misconfigured } from './toml-table.js';

/** Options of {@link hostsToml}. */
export interface HostsTomlOptions {
  /** Folders that hold one folder for each registry. Default `/etc/containerd/certs.d`, then `/etc/docker/certs.d`. */
  readonly directories?: readonly string[];
}

const usual = ['/etc/containerd/certs.d', '/etc/docker/certs.d'];

/**
 * The mirrors that containerd, and so a Kubernetes node, uses: `hosts.toml` in the folder of a registry (`host_port_`, `host:port` or
 * `_default`), else the certificates that are there.
 *
 * Differences, each on the strict side: a file that cannot be read is an error, where containerd goes on without it; certificates are
 * always checked, so that `skip_verify` has no effect; a URL of plain http to another machine needs `allowInsecure` of `openMirrored`;
 * a place takes one client certificate; `dial_timeout` is not read. A host is a mirror if it can `pull`; the server must be able to `pull` and
 * `resolve`, since only it resolves tags.
 *
 * @see https://github.com/containerd/containerd/blob/main/docs/hosts.md
 *
 * @example
 * ```ts
 * const repository = await openMirrored('registry.example.com/net-monitor', hostsToml());
 * ```
 */
export function hostsToml({ directories = usual }: HostsTomlOptions = {}): MirrorConfiguration {
  return {
    async sourcesOf(repository) {
      const name = pulledName(repository);
      const folder = await folderOf(name.registry, directories);
      return folder === undefined ? { origin: name, mirrors: [] } : await sourcesIn(folder, name);
    },
  };
}

async function sourcesIn(folder: string, name: PulledName): Promise<PullSources> {
  const path = join(folder, 'hosts.toml');
  const text = await readSmallText(path, 'ERR_REGISTRY_CONFIGURATION');
  // An empty file counts as missing.
  if (text === undefined || text === '')
    return { origin: { ...name, ...(await certificatesOf(folder, await certificateFiles(folder))) }, mirrors: [] };
  const { hosts, server } = await parseHosts(text, path);
  const mirrors = hosts.filter(({ capabilities }) => capabilities.has('pull'));
  return {
    origin: await placeOf(folder, name, checkServer(server)),
    mirrors: await Promise.all(mirrors.map((host) => mirrorOf(folder, name, host))),
  };
}

/** Without `server` containerd takes the registry itself, with every capability. */
function checkServer(server: HostEntry): HostEntry {
  const lacks = ['pull', 'resolve'].filter((each) => !server.capabilities.has(each));
  if (server.address === undefined || lacks.length === 0) return server;
  throw misconfigured(
    server.where,
    `the server has no capability ${lacks.join(', ')}, and only the server resolves tags`,
  );
}

async function mirrorOf(folder: string, name: PulledName, entry: HostEntry): Promise<PullSource> {
  const place = await placeOf(folder, name, entry);
  return entry.capabilities.has('referrers') ? place : { ...place, withoutReferrers: true };
}

async function placeOf(folder: string, name: PulledName, entry: HostEntry): Promise<PullSource> {
  const { address, headers } = entry;
  return {
    ...(address === undefined ? name : addressed(name, address)),
    ...(await certificatesOf(folder, entry)),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

function addressed(name: PulledName, address: NonNullable<HostEntry['address']>): PullSource {
  const { registry, plain, apiPath, namespace } = address;
  const same = registry === name.registry || (registry === 'registry-1.docker.io' && name.registry === 'docker.io');
  return {
    registry,
    repository: `${namespace}${name.repository}`,
    ...(apiPath === '/v2' ? {} : { apiPath }),
    ...(same ? {} : { upstream: name.registry }),
    plainHttp: plain ? 'required' : 'never',
  };
}
