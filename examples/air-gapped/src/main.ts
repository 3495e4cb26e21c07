// Registry, tar, registry: an artifact goes over an air gap and is verified on the other side without a network.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explain } from '@notarykit/trust-policy';
import { discover } from 'notarykit';
import { packBundle, unpackBundle } from './steps/bundle.js';
import { trustInside, unpackParcel } from './steps/inside.js';
import { packParcel } from './steps/outside.js';
import { createSetup } from './steps/setup.js';

async function play(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-air-gap-'));
  const parcel = { archive: join(folder, 'net-monitor.tar'), evidence: join(folder, 'evidence.json') };
  try {
    const { outside, inside, fetchOutside, trust } = await createSetup();
    await packParcel(outside, 'v1', parcel, trust, fetchOutside);
    console.log(`outside: verified and packed, ${(await stat(parcel.archive)).size} bytes`);

    const offline = await trustInside(parcel, trust);
    const verdict = await unpackParcel(parcel, inside, 'v1', { name: outside.name, trust: offline });
    console.log(`inside: ${explain(verdict.report)}`);
    const { referrers } = await discover(inside, 'v1');

    const bundle = join(folder, 'net-monitor.bundle.tar');
    await packBundle(outside, 'v1', bundle, trust, fetchOutside);
    console.log(`outside: the same as a bundle, ${(await stat(bundle)).size} bytes`);
    for (const artifact of await unpackBundle(bundle, inside, `${outside.name}:v1`, trust))
      console.log(
        `inside: ${artifact.repository} is ${artifact.verdict.verdict}, with ${artifact.referrers.length} referrer`,
      );
    return `verdict: ${inside.name}:v1 is ${verdict.verdict} with ${referrers.length} referrers, without a network`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

play().then(
  (verdict) => console.log(verdict),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
