import { copy } from '@notarykit/artifact-graph';
import { createRegistry } from '@notarykit/registry-client';

/** Copies `v1` from the first registry to the second and says that it is done; killed from outside in the middle. */
const [from = '', to = ''] = process.argv.slice(2);
const open = (registry: string) => createRegistry({ registry }).repository('net-monitor');
await copy(open(from), open(to), { reference: 'v1' });
process.stdout.write('done\n');
