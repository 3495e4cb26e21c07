import { concatBytes, isFileName, quote } from '@notarykit/common/internal';
import { errorDocumentOf } from './error-document.js';
import { answerRequest, type PluginIdentity, type PluginKeys, RequestError, readRequest } from './serve.js';
import { takeStandardStreams } from './standard-streams.js';

const mostInput = 16 * 1024 * 1024;

/**
 * Makes this process a plugin of `notation` that signs (`SIGNATURE_GENERATOR.RAW`): reads the command's request from standard
 * input, answers on standard output, or with the contract's error object on standard error and exit code 1, and ends. Whatever
 * else is printed meanwhile spoils neither. A signature is verified with the leaf's key before it is given away.
 *
 * The file must be executable and called `notation-{name}`, in `{plugins}/{name}/` of `notation`'s configuration. `signer` is
 * one signer for every key id, or a function that gives the signer of a key id.
 *
 * @example
 * ```ts
 * #!/usr/bin/env node
 * await runAsPlugin(({ keyId }) => mySigner(keyId), {
 *   name: 'wabbit-kms',
 *   version: '1.0.0',
 *   description: 'Signs with the keys of Wabbit Networks',
 *   url: 'https://wabbit-networks.io/signing',
 * });
 * ```
 */
export async function runAsPlugin(signer: PluginKeys, identity: PluginIdentity): Promise<never> {
  const streams = takeStandardStreams();
  let secrets: readonly string[] = [];
  const fail = (error: unknown): Promise<never> => streams.end(1, JSON.stringify(errorDocumentOf(error, secrets)));
  process.on('uncaughtException', (error) => void fail(error));
  process.on('unhandledRejection', (error) => void fail(error));
  // Nothing is left to wait for, or the process is ended: the host gets an answer in any case.
  const unanswered = (why: string): Error => new RequestError(`the signer gave no answer: ${why}`, 'ERROR');
  process.on('beforeExit', () => void fail(unanswered('it waits for a promise that never settles')));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => void fail(unanswered(`${signal} ended it`)));
  process.on('exit', () => streams.endNow(errorDocumentOf(unanswered('it ended the process'), secrets)));
  try {
    checkIdentity(identity);
    const request = readRequest(readCommand(process.argv.slice(2)), await readInput());
    secrets = Object.values(request.pluginConfig);
    return await streams.end(0, JSON.stringify(await answerRequest(request, signer, identity)));
  } catch (error) {
    return fail(error);
  }
}

function checkIdentity({ name, version, description, url }: PluginIdentity): void {
  if (!isFileName(name)) throw new RequestError(`${quote(name)} is not a valid plugin name`, 'ERROR');
  if (!/^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/.test(version))
    throw new RequestError(`version: expected one of SemVer 2.0, found ${quote(version)}`, 'ERROR');
  if (description === '' || url === '') throw new RequestError('a plugin needs a description and a URL', 'ERROR');
}

function readCommand(args: readonly string[]): string | undefined {
  if (args.length > 1) throw new RequestError(`expected one command, found ${args.length}`);
  return args[0];
}

async function readInput(): Promise<Uint8Array> {
  if (process.stdin.isTTY)
    throw new RequestError('this is a plugin of notation: it reads a request from standard input');
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > mostInput) throw new RequestError(`expected a request of at most ${mostInput} bytes`);
    chunks.push(chunk);
  }
  return concatBytes(chunks);
}
