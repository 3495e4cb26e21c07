import { isCodedError } from '@notarykit/common';
import { explain, TrustError } from '@notarykit/trust-policy';
import { gate, sign, type Trust, verify } from 'notarykit';
import { attachSboms, attachScan } from './build.js';
import { pushImage } from './images.js';
import { gatePolicy } from './policies.js';
import { type Account, silent } from './print.js';
import type { World } from './world.js';

const day = 24 * 60 * 60 * 1000;

/** An image that nobody signed. */
export async function refuseUnsigned({ privateRegistry }: World, trust: Trust, account: Account): Promise<void> {
  const repository = privateRegistry.client.repository('net-monitor');
  const image = await pushImage(repository, 'net-monitor, unsigned');
  await expectRefusal(account, 'an unsigned image', 'ERR_TRUST_NO_SIGNATURE', () => verify(repository, image, trust));
}

/** An image that somebody signed whom the policy does not name. */
export async function refuseWrongSigner(
  { privateRegistry, signers }: World,
  trust: Trust,
  account: Account,
): Promise<void> {
  const repository = privateRegistry.client.repository('net-monitor');
  const image = await pushImage(repository, 'net-monitor, signed by a stranger');
  await sign(repository, image, { signer: signers.stranger });
  await expectRefusal(account, 'an image signed by a stranger', 'ERR_TRUST_NOT_VERIFIED', () =>
    verify(repository, image, trust),
  );
}

/** An image signed with a key that was lost: its certificate is revoked. */
export async function refuseRevoked(
  { privateRegistry, signers, timestamps }: World,
  trust: Trust,
  account: Account,
): Promise<void> {
  const repository = privateRegistry.client.repository('net-monitor');
  const image = await pushImage(repository, 'net-monitor, signed with a lost key');
  await sign(repository, image, { signer: signers.lost, ...timestamps });
  await expectRefusal(account, 'an image signed with a revoked key', 'ERR_TRUST_NOT_VERIFIED', () =>
    verify(repository, image, trust),
  );
}

/** An image whose last scan is a month old; with a scanner at hand, the gate has it scanned anew. */
export async function refuseStaleScan(world: World, trust: Trust, account: Account): Promise<void> {
  const repository = world.privateRegistry.client.repository('net-monitor');
  const image = await pushImage(repository, 'net-monitor, scanned long ago');
  await sign(repository, image, { signer: world.signers.build, ...world.timestamps });
  await attachSboms(world, image, silent);
  await attachScan(world, image, new Date(Date.now() - 30 * day), silent);
  await expectRefusal(account, 'an image with a stale scan', 'ERR_GATE_DENIED', () =>
    gate(repository, image, { policy: gatePolicy, trust }),
  );
  const { verdict } = await gate(repository, image, {
    policy: gatePolicy,
    trust,
    rescan: ({ subject }) => attachScan(world, subject, new Date(), account),
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
