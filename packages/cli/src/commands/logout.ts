import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { storedAccounts, storesForLogout } from '../shell/stored-accounts.js';
import { readServer } from '../shell/target.js';

export const logoutCommand: Command = {
  usage: 'logout <server>',
  summary: "Remove the account at a registry from docker's credential helper and files",
  options: { ...outputOptions },
  examples: ['logout registry.example.com'],
  async run(args, terminal) {
    const server = readServer(args.positionals[0] ?? '');
    const stores = await storesForLogout();
    const erased: string[] = [];
    for (const store of stores) if (await store.erase(server)) erased.push(store.path);
    if (await isStillKnown(server))
      terminal.note(`an account at ${server} is still known from DOCKER_AUTH_CONFIG or a file of podman`);
    const text = erased.length === 0 ? `there was no account at ${server}` : 'Logout Succeeded';
    terminal.result({ server, erased }, text);
    return 0;
  },
};

/** Only for a note: a store that cannot be read is an error where it is used. */
async function isStillKnown(registry: string): Promise<boolean> {
  const found = await storedAccounts()
    .get({ registry })
    .catch(() => undefined);
  return found !== undefined;
}
