// Many workers verify the same artifacts, and share what they found through Redis: REDIS_URL says where that is.
import { fileURLToPath } from 'node:url';
import { runWorkers } from './workers/processes.js';
import { createSetup } from './workers/setup.js';
import type { Task } from './workers/task.js';
import { work } from './workers/work.js';

const workers = 4;
const tags = ['v1', 'v2', 'v3'];

async function play(redis: string): Promise<void> {
  const { lab, task } = await createSetup(tags);
  try {
    for (const adapter of ['keyv', 'redis'] as const) {
      const program = fileURLToPath(import.meta.url);
      const done = await runWorkers(program, workers, { ...task, redis, adapter });
      const verified = done.reduce((sum, each) => sum + each.verified, 0);
      const total = workers * tags.length;
      console.log(`${adapter}: ${workers} workers needed ${total} verdicts, and verified ${verified} times`);
    }
  } finally {
    await lab.close();
  }
}

async function obey(task: Task): Promise<void> {
  try {
    const done = await work(task);
    process.send?.(done);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.disconnect();
  }
}

const { REDIS_URL } = process.env;
if (process.argv[2] === 'worker') process.once('message', (task: Task) => void obey(task));
else if (!REDIS_URL) {
  console.error('set REDIS_URL to a Redis, redis://127.0.0.1:6379 say');
  process.exitCode = 2;
} else {
  play(REDIS_URL).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
