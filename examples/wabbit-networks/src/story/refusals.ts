import { isCodedError } from '@notarykit/common';
import type { Digest } from '@notarykit/oci';
import { explain, TrustError } from '@notarykit/trust-policy';
import { gate, sign, type Trust, verify } from 'notarykit';
import { attachScan } from './build.js';
import { repeatedScan } from './documents.js';
import { pushImage } from './images.js';
import { gatePolicy, trustOf } from './policies.js';
import type { Account } from './print.js';
import { netMonitor } from './rootfs.js';
import type { World } from './world.js';

/** An image like `net-monitor` with a note in it. */
const noted = (note: string) => [...netMonitor, { path: 'etc/motd', content: `${note}\n` }];

/** An image that nobody signed. */
export async function refuseUnsigned({ privateRegistry }: World, trust: Trust, account: Account): Promise<void> {
  const repository = privateRegistry.client.repository('net-monitor');
  const image = await pushImage(repository, noted('unsigned'));
  await expectRefusal(account, 'an unsigned image', 'ERR_TRUST_NO_SIGNATURE', () => verify(repository, image, trust));
}

/** An image that somebody signed whom the policy does not name. */
export async function refuseWrongSigner(
  { privateRegistry, signers, now }: World,
  trust: Trust,
  account: Account,
): Promise<void> {
  const repository = privateRegistry.client.repository('net-monitor');
  const image = await pushImage(repository, noted('signed by a stranger'));
  await sign(repository, image, { signer: signers.stranger, now: now() });
  await expectRefusal(account, 'an image signed by a stranger', 'ERR_TRUST_NOT_VERIFIED', () =>
    verify(repository, image, trust),
  );
}

/** An image signed with a key that was lost: its certificate is revoked. */
export async function refuseRevoked(
  { privateRegistry, signers, timestamps, now }: World,
  trust: Trust,
  account: Account,
): Promise<void> {
  const repository = privateRegistry.client.repository('net-monitor');
  const image = await pushImage(repository, noted('signed with a lost key'));
  await sign(repository, image, { signer: signers.lost, now: now(), ...timestamps });
  await expectRefusal(account, 'an image signed with a revoked key', 'ERR_TRUST_NOT_VERIFIED', () =>
    verify(repository, image, trust),
  );
}

/** The image itself, a month later: its scan is stale; with a scanner at hand, the gate has it scanned anew. */
export async function refuseStaleScan(world: World, baseImages: readonly Digest[], account: Account): Promise<void> {
  const repository = world.privateRegistry.client.repository('net-monitor');
  world.pass({ days: 30 });
  const trust = trustOf(world);
  await expectRefusal(account, 'an image with a stale scan', 'ERR_GATE_DENIED', () =>
    gate(repository, 'v1', { policy: gatePolicy, trust, baseImages }),
  );
  const { verdict } = await gate(repository, 'v1', {
    policy: gatePolicy,
    trust,
    baseImages,
    rescan: async ({ subject }) => attachScan(world, subject, await repeatedScan(world.now()), account),
  });
  account.step(`with a new scan the gate says ${verdict}`);
}

async function expectRefusal(
  account: Account,
  what: string,
  code: string,
  attempt: () => Promise<unknown>,
): Promise<void> {
  try {
    await attempt();
  } catch (error) {
    if (!isCodedError(error) || error.code !== code) throw error;
    account.step(`${what} is refused: ${error.code}`);
    account.quote(
      error instanceof TrustError && error.detail?.report !== undefined ? explain(error.detail.report) : error.message,
    );
    return;
  }
  throw new Error(`${what} was not refused`);
}
