import type { CallOptions, Fetch } from '@notarykit/common/internal';
import { createTransport } from '@notarykit/transport/internal';
import { type EndpointOptions, openEndpoint } from '../endpoint.js';
import { storedAccounts } from '../stored-accounts.js';
import { examine, type Finding, fine, warning } from './finding.js';

/** Which account a registry gets, whether it answers and takes the account, and whether the clocks agree. */
export async function examineRegistry(
  registry: string,
  options: EndpointOptions,
  now: () => Date,
  call: CallOptions = {},
): Promise<readonly Finding[]> {
  const dates: ClockReading[] = [];
  const fetch = watched(transportTo(registry, options), dates, now);
  const answers = await examineNetwork(registry, { ...options, fetch }, call);
  // An interrupted check says nothing about the registry.
  call.signal?.throwIfAborted();
  return [...(await examineAccount(registry, options)), ...answers, ...examineClock(registry, dates)];
}

/** The client certificate, if there is one, is only for this registry. */
function transportTo(registry: string, { network }: EndpointOptions): Fetch {
  const { clientCertificate: certificate, ...others } = network;
  return createTransport({
    ...others,
    ...(certificate && { clientCertificate: { ...certificate, hosts: [registry] } }),
  });
}

function examineAccount(registry: string, { account }: EndpointOptions): Promise<readonly Finding[]> {
  return examine('accounts', 'correct docker\'s config.json, or log in anew with "notarykit login"', async () => {
    const credential = account ?? (await storedAccounts().get({ registry }));
    const name = credential === undefined ? 'no account' : `account ${credential.username ?? '(token)'}`;
    return [fine('accounts', `${registry}: ${name}`)];
  });
}

function examineNetwork(registry: string, options: EndpointOptions, call: CallOptions): Promise<readonly Finding[]> {
  return examine(
    'network',
    'check name, account, proxy (HTTPS_PROXY, NO_PROXY) and certificates (--ca-file)',
    async () => {
      await (await openEndpoint({ registry, repository: '' }, options)).ping(call);
      return [fine('network', `${registry} answers, and takes the account`)];
    },
  );
}

/** What a server said the time was, and what it was here. */
interface ClockReading {
  readonly there: Date;
  readonly here: Date;
}

function watched(fetch: Fetch, readings: ClockReading[], now: () => Date): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    const there = new Date(response.headers.get('date') ?? Number.NaN);
    if (!Number.isNaN(there.getTime())) readings.push({ there, here: now() });
    return response;
  };
}

/** Signatures and timestamps from more than five minutes ahead are refused; half of that is where to act. */
const mostMs = 150_000;

function examineClock(registry: string, readings: readonly ClockReading[]): readonly Finding[] {
  const [first] = readings;
  if (first === undefined) return [];
  const differenceMs = first.here.getTime() - first.there.getTime();
  const seconds = Math.round(Math.abs(differenceMs) / 1000);
  if (Math.abs(differenceMs) <= mostMs) return [fine('clock', `agrees with that of ${registry}`)];
  const side = differenceMs > 0 ? 'ahead of' : 'behind';
  return [
    warning('clock', `${seconds} seconds ${side} that of ${registry}`, 'synchronise the clock of this machine (NTP)'),
  ];
}
