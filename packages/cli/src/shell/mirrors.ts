import { hostsToml, type MirrorConfiguration, registriesConf } from '@notarykit/registry-client/node';
import { type Arguments, UsageError } from './command.js';
import { clientCertificateNames, refuseNetwork } from './network.js';
import type { OptionSpec } from './option-spec.js';

/** Options of commands that only read, with the names of skopeo and nerdctl. Without them no mirror is asked. */
export const mirrorOptions: Readonly<Record<string, OptionSpec>> = {
  'registries-conf': {
    type: 'string',
    value: 'path',
    help: 'read through the mirrors of this registries.conf (podman, CRI-O) and its drop-in files',
  },
  'hosts-dir': {
    type: 'string',
    value: 'folder',
    multiple: true,
    help: 'read through the mirrors of the hosts.toml files below this folder (containerd)',
  },
};

/** The mirrors that the options name. */
export function mirrorsOf(args: Arguments): { readonly mirrors?: MirrorConfiguration } {
  const [file, directories] = [args.text('registries-conf'), args.texts('hosts-dir')];
  if (file !== undefined && directories.length > 0)
    throw new UsageError('only one of --registries-conf and --hosts-dir says where the mirrors are');
  if (file === undefined && directories.length === 0) return {};
  refuseNetwork(args, 'the files of the mirrors name certificates', clientCertificateNames(args));
  return { mirrors: file === undefined ? hostsToml({ directories }) : registriesConf({ file }) };
}

/** @throws {UsageError} for options that have no effect, since no registry is asked */
export function refuseMirrors(args: Arguments, why: string): void {
  const name = Object.keys(mirrorOptions).find((each) => args.texts(each).length > 0);
  if (name !== undefined) throw new UsageError(`--${name} has no effect: ${why}`);
}
