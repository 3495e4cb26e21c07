import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** What the compiler says of these files; nothing, when they are right. */
export async function checkTypes(files: readonly string[], options: object = {}): Promise<string> {
  const [first = ''] = files;
  const project = join(dirname(dirname(first)), 'tsconfig.json');
  // Programs of JavaScript leave parameters untyped.
  const compilerOptions = { noImplicitAny: false, ...options };
  await writeFile(
    project,
    JSON.stringify({ extends: resolve('tsconfig.test.json'), compilerOptions, include: [], files }),
  );
  const compiler = resolve('node_modules/typescript/bin/tsc');
  return await new Promise((done) =>
    execFile(process.execPath, [compiler, '-p', project], (error, stdout) => done(error === null ? '' : stdout)),
  );
}
