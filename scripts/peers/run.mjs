import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program to its end; a failure carries the command and the end of what it printed. */
export async function run(command, args, { cwd, env = {} } = {}) {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 << 20 };
  try {
    return (await execute(command, args, options)).stdout;
  } catch (error) {
    const printed = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim().slice(-2000);
    throw new Error(`${command} ${args.join(' ')} failed: ${printed || error.message}`, { cause: error });
  }
}

/** Whether a program is on the path. */
export async function available(command) {
  try {
    await execute(command, ['--help']);
    return true;
  } catch (error) {
    return error.code !== 'ENOENT';
  }
}

/** Three tries: package mirrors drop a connection now and then. */
export async function threeTimes(action) {
  const failures = [];
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures.at(-1);
}
