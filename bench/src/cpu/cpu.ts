import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Milliseconds of processor time, of the program and of the kernel for it. */
export interface Cpu {
  readonly user: number;
  readonly system: number;
}

export const total = ({ user, system }: Cpu): number => user + system;

/** What this process, all its threads, computes during a piece of work. */
export async function ownCpu(work: () => Promise<unknown>): Promise<Cpu> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { user: user / 1000, system: system / 1000 };
}

/** What the programs that this process starts and waits for compute during a piece of work; Linux only, `undefined` elsewhere. */
export async function childrenCpu(work: () => Promise<unknown>): Promise<Cpu | undefined> {
  const before = endedChildren();
  await work();
  const after = endedChildren();
  if (before === undefined || after === undefined) return undefined;
  return { user: after.user - before.user, system: after.system - before.system };
}

function endedChildren(): Cpu | undefined {
  try {
    return processCpu('self', 'children');
  } catch {
    return undefined;
  }
}

/**
 * What a process computed until now, or those of its children that ended; Linux only, it throws elsewhere. Members 14 to 17 of proc(5), in
 * hundredths of a second; the second member, a name, may hold spaces and parentheses.
 */
export function processCpu(pid: number | 'self', of: 'own' | 'children'): Cpu {
  const members = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const first = of === 'own' ? 11 : 13;
  return { user: Number(members[first]) * 10, system: Number(members[first + 1]) * 10 };
}

/** What SHA-256 over so many bytes costs here. */
export async function hashCpu(bytes: number): Promise<number> {
  const piece = randomBytes(1024 * 1024);
  const cpu = await ownCpu(async () => {
    const hash = createHash('sha256');
    for (let at = 0; at < bytes; at += piece.length) hash.update(piece);
    hash.digest();
  });
  return total(cpu);
}

export const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);
export const parts = ({ user, system }: Cpu): string => `${seconds(user)} + ${seconds(system)} s`;
