import { fork } from 'node:child_process';
import type { Done, Task } from './task.js';

/** Starts so many workers at once, each its own process, and waits for what they did. */
export function runWorkers(program: string, count: number, task: Task): Promise<readonly Done[]> {
  return Promise.all(Array.from({ length: count }, () => runWorker(program, task)));
}

function runWorker(program: string, task: Task): Promise<Done> {
  return new Promise((resolve, reject) => {
    const worker = fork(program, ['worker'], { execArgv: [] });
    let done: Done | undefined;
    worker.once('message', (message) => {
      done = message as Done;
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (done !== undefined) resolve(done);
      else reject(new Error(`a worker ended with ${code}`));
    });
    worker.send(task);
  });
}
