import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A registry in its own process. */
export interface RunningRegistry {
  readonly host: string;
  stop(): Promise<void>;
}

/** Starts distribution, the registry that most others are built on, with its content in a folder. */
export async function startDistribution(program: string, folder: string): Promise<RunningRegistry> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const config = join(folder, 'config.yml');
  const storage = `{filesystem: {rootdirectory: "${folder}"}}`;
  await writeFile(
    config,
    `version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: ${storage}\nhttp: {addr: "127.0.0.1:${port}"}\n`,
  );
  const child = spawn(program, ['serve', config], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const host = `127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await fetch(`http://${host}/v2/`).catch(() => undefined);
    if (answer?.ok) {
      return {
        host,
        async stop() {
          child.kill('SIGKILL');
          await ended;
        },
      };
    }
    await wait(25);
  }
  child.kill('SIGKILL');
  throw new Error(`the registry at ${host} does not answer`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(address)));
    });
  });
}
