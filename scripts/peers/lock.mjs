import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** Runs `action` while holding a lock file that names this process; a lock of a process that is gone is taken over. */
export async function withLock(path, action, { timeoutMs = 20 * 60_000 } = {}) {
  const end = Date.now() + timeoutMs;
  while (!(await take(path))) {
    if (Date.now() > end) throw new Error(`${path} is still held: remove it if no installation is under way`);
    if (!(await ownerAlive(path))) await rm(path, { force: true });
    else await wait(500);
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path) {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

async function ownerAlive(path) {
  const pid = Number(await readFile(path, 'utf8').catch(() => '0'));
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
