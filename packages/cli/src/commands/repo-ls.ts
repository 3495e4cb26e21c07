import { defined } from '@notarykit/common/internal';
import { parseReference } from '@notarykit/oci/internal';
import { type Command, UsageError } from '../shell/command.js';
import { openEndpoint, type Place } from '../shell/endpoint.js';
import { clientCertificateOptions, readNetwork } from '../shell/network.js';
import { readEndpoint, registryOptions } from '../shell/target.js';

export const repoLsCommand: Command = {
  usage: 'repo ls <registry>',
  aliases: ['list'],
  summary: 'List the repositories of a registry, or below one of its namespaces, as far as the account may see them',
  options: {
    last: { type: 'string', value: 'repository', help: 'go on after this repository' },
    ...registryOptions,
    ...clientCertificateOptions,
  },
  examples: ['repo ls registry.example.com', 'repo ls registry.example.com/wabbit'],
  async run(args, terminal, call) {
    const [named = ''] = args.positionals;
    const { place, namespace } = parseRegistry(named);
    const endpoint = await openEndpoint(place, await readEndpoint(args, await readNetwork(args)));
    const after = args.text('last');
    const repositories: string[] = [];
    for await (const name of endpoint.repositories({ ...call, ...defined({ after }) }))
      if (name.startsWith(namespace)) repositories.push(name.slice(namespace.length));
    terminal.result({ registry: named, repositories }, repositories.join('\n'));
    return 0;
  },
};

/** `registry`, or `registry/namespace`; an account of a namespace is looked for under its name. */
function parseRegistry(named: string): { readonly place: Place; readonly namespace: string } {
  const slash = named.indexOf('/');
  try {
    if (slash < 0) return { place: { ...parseReference(`${named}/a`), repository: '' }, namespace: '' };
    const place = parseReference(named);
    return { place, namespace: `${place.repository}/` };
  } catch {
    throw new UsageError(
      `expected a registry such as registry.example.com or localhost:5000/namespace, found "${named}"`,
    );
  }
}
