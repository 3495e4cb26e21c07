// Runs the cases against an implementation: a command, or a function in this process.
import { judge } from './judge.mjs';
import { networkOf, startProxy } from './network.mjs';
import { privateConfig, requestOf, scratchFolder, writeRequest } from './request.mjs';
import { ask } from './run-command.mjs';

/** The results of a function `verify(request, { fetch })`, whose `fetch` answers without a socket. */
export async function runInProcess(cases, verify) {
  const { folder, remove } = scratchFolder();
  try {
    const results = [];
    for (const one of cases) {
      const request = requestOf(one, { config: privateConfig(one, folder) });
      const answer = await verify(request, { network: networkOf(one) }).catch((error) => ({
        failure: String(error?.stack ?? error),
      }));
      results.push({ id: one.id, ...judge(one, answer) });
    }
    return results;
  } finally {
    remove();
  }
}

/**
 * The results of a command. `without`: features that it does not have, by name; `workers`: how many run at a time, each with a network
 * of its own; `env`: added to the environment.
 */
export async function runCommand(cases, command, { without = [], workers = 2, env = {} } = {}) {
  const results = new Map();
  const queue = [...cases];
  const work = async () => {
    const { folder, remove } = scratchFolder();
    const proxy = await startProxy();
    try {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
        const missing = one.requires.find((feature) => without.includes(feature));
        const skipped = { result: 'skipped', difference: `unsupported: ${missing}` };
        results.set(one.id, missing === undefined ? await verdictOf(one, command, folder, proxy, env) : skipped);
      }
    } finally {
      await proxy.close();
      remove();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return cases.map(({ id }) => ({ id, ...results.get(id) }));
}

async function verdictOf(one, command, folder, proxy, env) {
  proxy.network = networkOf(one);
  const request = requestOf(one, { config: privateConfig(one, folder), proxy: proxy.url });
  const answer = await ask(command, 'verify', writeRequest(request, folder), { env });
  return answer.failure === undefined ? judge(one, answer) : { result: 'failed', difference: answer.failure };
}
