import { isCodedError } from '@notarykit/common';
import type { Descriptor } from '@notarykit/oci';
import type { ScanReport } from '@notarykit/sbom-gate';
import { explain, TrustError } from '@notarykit/trust-policy';
import { gate, sign, type Trust, verify } from 'notarykit';
import { debian, dockerfileFor, netMonitor } from '../image/contents.js';
import { pushImage } from '../image/push.js';
import { baseRule } from './base-rule.js';
import { attachProvenance, attachSboms, buildImage, buildOn, type CheckedDockerfile } from './build.js';
import { gatePolicy, trustOf } from './policies.js';
import { type Account, silent } from './print.js';
import { type Scanner, scanImage } from './scans.js';
import type { Setup } from './setup.js';

/** An image like `net-monitor` with a note in it. */
async function pushNoted(setup: Setup, { dockerfile }: CheckedDockerfile, note: string): Promise<Descriptor> {
  const { image } = await buildOn(setup, dockerfile, [...netMonitor, { path: 'etc/motd', content: `${note}\n` }]);
  return image;
}

/** An unsigned image. */
export async function refuseUnsigned(
  setup: Setup,
  checked: CheckedDockerfile,
  trust: Trust,
  account: Account,
): Promise<void> {
  const repository = setup.privateRegistry.client.repository('net-monitor');
  const image = await pushNoted(setup, checked, 'unsigned');
  await expectRefusal(account, 'an unsigned image', 'ERR_TRUST_NO_SIGNATURE', () => verify(repository, image, trust));
}

/** An image of a signer that the policy does not name. */
export async function refuseWrongSigner(
  setup: Setup,
  checked: CheckedDockerfile,
  trust: Trust,
  account: Account,
): Promise<void> {
  const { signers, now } = setup;
  const repository = setup.privateRegistry.client.repository('net-monitor');
  const image = await pushNoted(setup, checked, 'signed by a stranger');
  await sign(repository, image, { signer: signers.stranger, now: now() });
  await expectRefusal(account, 'an image signed by a stranger', 'ERR_TRUST_NOT_VERIFIED', () =>
    verify(repository, image, trust),
  );
}

/** An image signed with a key that was lost: its certificate is revoked. */
export async function refuseRevoked(
  setup: Setup,
  checked: CheckedDockerfile,
  trust: Trust,
  account: Account,
): Promise<void> {
  const { signers, timestamps, now } = setup;
  const repository = setup.privateRegistry.client.repository('net-monitor');
  const image = await pushNoted(setup, checked, 'signed with a lost key');
  await sign(repository, image, { signer: signers.lost, now: now(), ...timestamps });
  await expectRefusal(account, 'an image signed with a revoked key', 'ERR_TRUST_NOT_VERIFIED', () =>
    verify(repository, image, trust),
  );
}

/** An image with everything that the gate asks for, but built on an unverified base image. */
export async function refuseOtherBase(
  setup: Setup,
  { baseImages }: CheckedDockerfile,
  { scanner, trust }: { readonly scanner: Scanner; readonly trust: Trust },
  account: Account,
): Promise<void> {
  const { client, host } = setup.privateRegistry;
  const note = { path: 'etc/motd', content: 'not from Base Images Inc.\n' };
  const other = await pushImage(client.repository('base/debian'), {
    layers: [...debian, { createdBy: 'COPY motd /etc/', files: [note] }],
  });
  const dockerfile = dockerfileFor(host).replace(':12\n', `:12@${other.digest}\n`);
  const built = await buildImage(setup, { dockerfile, baseImages }, silent);
  await attachSboms(setup, built.image, silent);
  await attachProvenance(setup, built, silent);
  await scanImage(setup, { image: built.image, scanner, trust }, silent);
  const rules = [await baseRule(setup, built.image.digest, { dockerfile, baseImages })];
  await expectRefusal(account, 'an image on another base image', 'ERR_GATE_DENIED', () =>
    gate(client.repository('net-monitor'), built.image, { policy: gatePolicy, trust, baseImages, rules }),
  );
}

/** The image itself, a month later: its scan is stale. The gate has it scanned anew, with the advisories of that day. */
export async function refuseStaleScan(
  setup: Setup,
  checked: CheckedDockerfile,
  { scanner, before }: { readonly scanner: Scanner; readonly before: ScanReport },
  account: Account,
): Promise<void> {
  const repository = setup.privateRegistry.client.repository('net-monitor');
  setup.pass({ days: 30 });
  const trust = trustOf(setup);
  const { baseImages } = checked;
  const options = { policy: gatePolicy, trust, baseImages, rules: [await baseRule(setup, 'v1', checked)] };
  await expectRefusal(account, 'an image with a stale scan', 'ERR_GATE_DENIED', () => gate(repository, 'v1', options));
  const { verdict, counts } = await gate(repository, 'v1', {
    ...options,
    rescan: async ({ subject }) => {
      const after = await scanImage(setup, { image: subject, scanner, trust }, account);
      account.step(`found since the scan before: ${newIn(after, before).join(', ') || 'nothing'}`);
    },
  });
  account.step(`with a new scan the gate says ${verdict}: ${counts.findings} findings, ${counts.blocking} blocking`);
}

function newIn(after: ScanReport, before: ScanReport): readonly string[] {
  const known = new Set(before.findings.map(({ id }) => id));
  return after.findings.map(({ id }) => id).filter((id) => !known.has(id));
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
