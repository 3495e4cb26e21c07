import { copyGraph } from '@notarykit/artifact-graph';
import type { Repository } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { openLayout } from '@notarykit/registry-client/node';

/** Copies `v1` from the first place to the second and says that it is done; killed from outside in the middle. */
const [from = '', to = ''] = process.argv.slice(2);
const open = async (place: string): Promise<Repository> =>
  place.startsWith('/') ? await openLayout(place) : createRegistry({ registry: place }).repository('net-monitor');
await copyGraph(await open(from), await open(to), { reference: 'v1' });
process.stdout.write('done\n');
