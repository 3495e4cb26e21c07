import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** One process among all that ever ran: a process id alone comes again, in a restarted container even with the same host name. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** The boot of the machine, the namespace of process ids and the start of the process in clock ticks; empty without `/proc`. */
  readonly boot: string;
  readonly space: string;
  readonly start: string;
}

let own: ProcessIdentity | undefined;

/** This process. */
export function thisProcess(): ProcessIdentity {
  own ??= {
    pid: process.pid,
    host: hostname(),
    boot: read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    space: read(() => readlinkSync('/proc/self/ns/pid')),
    start: startOf(process.pid) ?? '',
  };
  return own;
}

/** Whether another process runs; `unknown` where that cannot be seen from here, as across containers and machines. */
export function stateOf(other: ProcessIdentity): 'running' | 'gone' | 'unknown' {
  const { host, boot, space } = thisProcess();
  if (other.host !== host || other.boot !== boot || other.space !== space) return 'unknown';
  if (boot !== '' && space !== '' && other.start !== '') return startOf(other.pid) === other.start ? 'running' : 'gone';
  // Without `/proc` the id may be another process's by now.
  return isAlive(other.pid) ? 'unknown' : 'gone';
}

/** Whether some process of this machine has the id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** When a process started, in clock ticks since the boot (proc_pid_stat(5), field 22); nothing for one that has ended. */
function startOf(pid: number): string | undefined {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // The name of the program, in brackets, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = ''] = fields;
  return stat === '' || 'ZXx'.includes(state) ? undefined : fields[19];
}

function read(work: () => string): string {
  try {
    return work();
  } catch {
    return '';
  }
}
