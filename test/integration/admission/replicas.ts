import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes } from '@notarykit/oci';
import { encodePem } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { createAuthority, createTrustLab, type TrustLab } from '@notarykit/testing';
import { sign } from 'notarykit';
import { bundle } from '../../support/bundle.js';
import { labPolicy } from '../../support/lab-policy.js';
import { writeKeyPair } from './lab.js';

/** A replica of a program that serves, as a process. */
export interface Replica {
  readonly port: number;
  /** All that it wrote to its error output so far. */
  log(): string;
  /** Sends SIGHUP. */
  hangUp(): void;
  /** Sends SIGTERM; its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** A registry on loopback, the folders that a cluster would mount, and the program. */
export interface ReplicaLab {
  readonly lab: TrustLab;
  readonly host: string;
  readonly folder: string;
  readonly caFile: string;
  image(name: string, signed: boolean): Promise<Descriptor>;
  trust(scopes: readonly string[]): void;
  start(env?: Readonly<Record<string, string>>, more?: readonly string[]): Promise<Replica>;
  close(): Promise<void>;
}

/** The programs: the webhook of the example, and the service of the command-line tool. */
const programs = {
  webhook: {
    source: 'examples/admission-webhook/src/main.ts',
    args: (): readonly string[] => [],
  },
  service: {
    source: 'packages/cli/src/notarykit.ts',
    args: (folder: string): readonly string[] => [
      ...['serve', '--port', '0', '--drain', '0s', '--timeout', '60s', '--registry-addresses', 'any'],
      ...['--tls-cert-file', join(folder, 'tls.crt'), '--tls-key-file', join(folder, 'tls.key')],
      ...['--token-file', join(folder, 'tokens')],
    ],
  },
} as const;

/** The token of the service's callers. */
export const replicaToken = 'a-token-for-all-replicas';

export async function createReplicaLab(kind: keyof typeof programs = 'webhook'): Promise<ReplicaLab> {
  const lab = await createTrustLab();
  const listening = await lab.registry.listen();
  const { host } = listening;
  const program = await bundle(programs[kind].source);
  const folder = mkdtempSync(join(tmpdir(), 'notarykit-replicas-'));
  const trustFolder = join(folder, 'trust');
  mkdirSync(trustFolder);
  const authority = await createAuthority({ name: 'Cluster' });
  const caFile = join(folder, 'ca.crt');
  writeFileSync(caFile, authority.root.pem);
  await writeKeyPair(authority, folder);
  const root = encodePem('CERTIFICATE', lab.authority.root.certificate);
  writeFileSync(join(trustFolder, 'ca.lab.pem'), root);
  // The same as notation has it.
  mkdirSync(join(trustFolder, 'truststore/x509/ca/lab'), { recursive: true });
  writeFileSync(join(trustFolder, 'truststore/x509/ca/lab/root.pem'), root);
  writeFileSync(join(folder, 'tokens'), replicaToken);
  const endpoint = createRegistry({ registry: host });
  const running = new Set<ChildProcess>();
  const kept: ReplicaLab = {
    lab,
    host,
    folder,
    caFile,
    async image(name, signed) {
      const bytes = utf8(
        JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [], annotations: { name } }),
      );
      const index = describe(mediaTypes.imageIndex, bytes);
      const repository = endpoint.repository(name);
      await repository.push(index, bytes);
      await repository.tag(index, 'v1');
      if (signed) await sign(repository, index, { signer: lab.signer });
      return index;
    },
    trust(scopes) {
      writeFileSync(
        join(trustFolder, 'trustpolicy.json'),
        JSON.stringify(labPolicy({ name: 'cluster', scopes, withoutRevocation: true })),
      );
    },
    async start(env = {}, more = []) {
      const files = {
        TLS_CERT_FILE: join(folder, 'tls.crt'),
        TLS_KEY_FILE: join(folder, 'tls.key'),
        TRUST_FOLDER: trustFolder,
        NOTATION_CONFIG: trustFolder,
        HOME: folder,
      };
      return await startReplica(
        [program.path, ...programs[kind].args(folder), ...more],
        { HOST: '127.0.0.1', PORT: '0', DRAIN_MS: '0', RELOAD_MS: '50', ...files, ...env },
        running,
      );
    },
    async close() {
      for (const child of running) child.kill('SIGKILL');
      await program.remove();
      await listening.close();
      await lab.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  kept.trust(['*']);
  return kept;
}

async function startReplica(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  running: Set<ChildProcess>,
): Promise<Replica> {
  const child = spawn(process.execPath, words, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  void ended.then(() => running.delete(child));
  const port = await new Promise<number>((resolve, reject) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const found = /listening on (?:https:\/\/127\.0\.0\.1:)?(\d+)\n/.exec(printed)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    void ended.then(() => reject(new Error(`the program ended: ${log}`)));
  });
  const stop = (): Promise<number | null> => {
    child.kill('SIGTERM');
    return ended;
  };
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return { port, log: () => log, hangUp: () => void child.kill('SIGHUP'), stop, kill };
}
