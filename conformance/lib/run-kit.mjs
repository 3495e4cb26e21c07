// Runs the cases against an implementation: a command, or a function in this process.
import { judge } from './judge.mjs';
import { privateConfig, requestOf, scratchFolder, writeRequest } from './request.mjs';
import { ask } from './run-command.mjs';
import { startProxy, worldOf } from './world.mjs';

/** The results of a function `verify(request, { fetch })`, whose `fetch` answers without a socket. */
export async function runInProcess(cases, verify) {
  const { folder, remove } = scratchFolder();
  try {
    const results = [];
    for (const one of cases) {
      const request = requestOf(one, { config: privateConfig(one, folder) });
      const answer = await verify(request, { world: worldOf(one) }).catch((error) => ({
        failure: String(error?.stack ?? error),
      }));
      results.push({ id: one.id, ...judge(one, answer) });
    }
    return results;
  } finally {
    remove();
  }
}

/** The results of a command. `without`: features that it does not have, by name. */
export async function runCommand(cases, command, { without = [], onResult = () => {} } = {}) {
  const { folder, remove } = scratchFolder();
  const proxy = await startProxy();
  try {
    const results = [];
    for (const one of cases) {
      const missing = one.requires.find((feature) => without.includes(feature));
      const result =
        missing === undefined
          ? await verdictOf(one, command, folder, proxy)
          : { result: 'skipped', difference: `unsupported: ${missing}` };
      results.push({ id: one.id, ...result });
      onResult(results.at(-1));
    }
    return results;
  } finally {
    await proxy.close();
    remove();
  }
}

async function verdictOf(one, command, folder, proxy) {
  proxy.world = worldOf(one);
  const request = requestOf(one, { config: privateConfig(one, folder), proxy: proxy.url });
  const answer = await ask(command, 'verify', writeRequest(request, folder));
  return answer.failure === undefined ? judge(one, answer) : { result: 'failed', difference: answer.failure };
}
