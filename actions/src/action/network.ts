import type { TransportOptions } from '@notarykit/transport';
import type { Inputs } from './inputs.js';

/** Inputs of {@link readNetwork}. */
export const networkInputs = ['ca-file'] as const;

/** The proxies of the runner's environment, and the authorities of TLS servers. */
export type Network = Pick<TransportOptions, 'proxy' | 'ca'>;

/** How registries and services are reached. */
export async function readNetwork(inputs: Inputs<(typeof networkInputs)[number]>): Promise<Network> {
  const ca = await inputs.file('ca-file', (content) => content);
  return { proxy: 'env', ...(ca === undefined ? {} : { ca }) };
}
