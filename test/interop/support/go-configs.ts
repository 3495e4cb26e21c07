import { peer } from '../../../scripts/peers.mjs';
import { succeed } from './program.js';

/** What the Go programs read: a proxy, an account, or an error. */
export interface Asked {
  readonly proxy?: string;
  readonly authorization?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identity?: string;
  readonly token?: string;
  readonly error?: string;
}

let program: string;

/** Builds the program that answers. */
export async function startGo(): Promise<void> {
  program = await peer('go-configs');
}

/** Asks questions such as `{ proxy: { env, url } }` or `{ docker: { text, name } }`. */
export async function askGo(questions: readonly object[]): Promise<readonly Asked[]> {
  const output = await succeed(program, [], {
    input: questions.map((question) => JSON.stringify(question)).join('\n'),
  });
  const lines = output.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Asked);
}
