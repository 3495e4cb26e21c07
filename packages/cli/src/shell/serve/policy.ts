import type { ClusterPolicy } from '@notarykit/admission/internal';
import { watchFiles } from '@notarykit/admission/node';
import type { Trust } from 'notarykit/internal';
import type { Arguments } from '../command.js';
import { readGatePolicy } from '../gate.js';
import { policyPaths } from '../policy-file.js';
import type { RevocationNetwork } from '../revocation.js';
import { readTrust } from '../trust.js';
import { logger } from './log.js';

/** What a server decides by; replaced whole when its files change. */
export interface ServedPolicy {
  readonly current: () => ClusterPolicy;
  /** Reads the files again now, if they changed. */
  check(): Promise<void>;
  stop(): void;
}

const reloadMs = 10_000;

/** Reads trust policy and deployment policy, and again when they change. What does not fit together changes nothing, and is said. */
export async function servedPolicy(args: Arguments, network: RevocationNetwork): Promise<ServedPolicy> {
  const gateFile = args.text('gate-policy');
  const again = async (): Promise<boolean> => {
    try {
      policy = await read(args, network);
      logger.info('policy reloaded', { policy: policy.trust.policy.digest });
      return true;
    } catch (error) {
      logger.warn('policy not reloaded; the old one stays', { error: (error as Error).message });
      return false;
    }
  };
  const watch = await watchFiles([...policyPaths(), ...(gateFile === undefined ? [] : [gateFile])], again);
  let policy = await read(args, network);
  return { current: () => policy, check: watch.check, stop: watch.every(reloadMs) };
}

async function read(args: Arguments, network: RevocationNetwork): Promise<ClusterPolicy> {
  const trust = await readTrust(network);
  // A store that is missing shows now, and not at the first request.
  for (const { type, name } of storesOf(trust.policy)) await trust.trustStore.certificates(type, name);
  if (args.text('gate-policy') === undefined) return { trust };
  return { trust, gate: { policy: await readGatePolicy(args, trust) } };
}

function storesOf({ statements }: Trust['policy']) {
  return statements.flatMap((statement) =>
    'demanded' in statement
      ? statement.demanded.flatMap((signer) => signer.statement.trustStores)
      : statement.trustStores,
  );
}
