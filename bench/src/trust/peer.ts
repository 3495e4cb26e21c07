import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchCase, bytesOf, mediaType, policy, target } from './cases.js';

/** Microseconds that notation-go takes for a case. */
export interface PeerFigures {
  readonly cold: number;
  readonly warm: number;
}

/** The program around notation-go; nothing where there is no Go toolchain to build it with. */
export function peerProgram(): string | undefined {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/peers.mjs', 'notation-go'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().replace('notation-go: ', '') : undefined;
}

/** Lets notation-go verify each case: once, then many times. */
export function measurePeer(program: string, cases: readonly BenchCase[], rounds: number): readonly PeerFigures[] {
  const folder = mkdtempSync(join(tmpdir(), 'bench-trust-'));
  try {
    const lines = cases.map((one, i) => JSON.stringify(peerCase(one, join(folder, String(i)), rounds)));
    const { stdout } = spawnSync(program, ['bench'], { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
    const figures = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as PeerFigures & { trusted: boolean });
    if (!figures.every(({ trusted }) => trusted)) throw new Error('notation-go does not trust the signatures');
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function peerCase({ envelope, anchor }: BenchCase, config: string, rounds: number): object {
  const store = join(config, 'truststore/x509/ca/bench');
  mkdirSync(store, { recursive: true });
  writeFileSync(join(store, 'anchor.crt'), bytesOf(anchor));
  const reference = `registry.test/bench@${target.digest}`;
  return { policy, config, envelope, mediaType, target, reference, metadata: {}, revocation: [], rounds };
}
