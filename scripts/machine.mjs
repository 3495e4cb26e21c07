// The machine that something was measured on, in one line.
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** @returns {string} */
export function machine() {
  const model = cpus()[0]?.model.trim().replaceAll(/\s+/g, ' ') || process.arch;
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GiB`;
  return `${model}, ${availableParallelism()} cores, ${memory}, ${type()} ${release()}, Node ${process.versions.node}`;
}
