import type { Command } from '../shell/command.js';
import type { Finding } from '../shell/doctor/finding.js';
import { examineKeys } from '../shell/doctor/keys.js';
import { examinePolicies } from '../shell/doctor/policy.js';
import { examineRegistry } from '../shell/doctor/registry.js';
import { exitCodes } from '../shell/exit-codes.js';
import { clientCertificateOptions, networkOptions, readNetwork } from '../shell/network.js';
import { plainHttpOptions, readPlainHttp } from '../shell/plain-http.js';
import { readServer } from '../shell/target.js';

export const doctorCommand: Command = {
  usage: 'doctor [registries...]',
  summary: 'Check policy, stores, keys, accounts, network and clock, and say what to do',
  options: {
    ...plainHttpOptions,
    ...networkOptions,
    ...clientCertificateOptions,
  },
  examples: ['doctor', 'doctor registry.example.com registry.other.com'],
  async run(args, terminal, call) {
    const registries = args.positionals.map(readServer);
    const options = { plainHttp: readPlainHttp(args), network: await readNetwork(args) };
    const now = (): Date => new Date();
    const found: Finding[] = [...(await examinePolicies()), ...(await examineKeys(now()))];
    for (const registry of registries) found.push(...(await examineRegistry(registry, options, now, call)));
    if (registries.length === 0)
      terminal.note(
        'accounts, network and clock are looked at for registries that are named, as in: notarykit doctor registry.example.com',
      );
    terminal.result({ findings: found }, found.map(lineOf).join('\n'));
    return found.every(({ state }) => state === 'fine') ? exitCodes.trusted : exitCodes.refused;
  },
};

function lineOf({ area, state, message, remedy }: Finding): string {
  return `${state.padEnd(7)} ${area}: ${message}${remedy === undefined ? '' : `\n        do: ${remedy}`}`;
}
