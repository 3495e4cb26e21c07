import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localSigner } from '@notarykit/kms-providers/local';
import { runAsPlugin } from '@notarykit/kms-providers/plugin';
import { SignerError, type SignerErrorReason } from '@notarykit/signature-envelope';

// A plugin as anybody may write one: the key id names two files. The configuration makes it misbehave as real ones do.
await runAsPlugin(
  async ({ keyId, pluginConfig }) => {
    const { noise, crash } = pluginConfig;
    const [, fail] = /^fails-(.*)$/.exec(keyId) ?? [];
    if (noise !== undefined) {
      console.log(noise);
      console.error(noise);
      process.emitWarning(noise);
    }
    if (fail !== undefined)
      throw new SignerError(`the service says ${fail}`, { reason: fail as SignerErrorReason, requestId: 'r-1' });
    if (crash === 'silent') await new Promise(() => undefined);
    if (crash === 'exit') process.exit(0);
    if (crash === 'none') return undefined as never;
    if (crash === 'unreadable')
      throw Object.defineProperty(new Error('x'), 'message', {
        get: () => {
          throw new Error('y');
        },
      });
    if (crash === 'killed') process.kill(process.pid, 'SIGTERM');
    if (crash === 'now') process.kill(process.pid, 'SIGKILL');
    if (crash === 'later') setTimeout(() => void Promise.reject(new Error('thrown where nobody catches it')), 0);
    if (crash !== undefined) await new Promise((resolve) => setTimeout(resolve, 20_000));
    const read = (kind: string): Promise<string> =>
      readFile(join(process.env['PLUGIN_KEYS'] ?? '', `${keyId}.${kind}`), 'utf8').catch((cause: unknown) => {
        throw new SignerError(`there is no key ${keyId}`, { reason: 'key-not-found' }, { cause });
      });
    return localSigner({ privateKey: await read('key'), certificateChain: await read('crt') });
  },
  { name: 'lab', version: '1.2.3', description: 'Signs with keys in files', url: 'https://wabbit-networks.io' },
);
