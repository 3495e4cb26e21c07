// The story of the Notary goals: from the base image of a Dockerfile to a trusted image in production. No network is needed.
import {
  attachProvenance,
  attachSboms,
  buildImage,
  publishBaseImage,
  tagImage,
  validateBaseImage,
} from './story/build.js';
import { deploy, verifyInProduction } from './story/deploy.js';
import { trustOf } from './story/policies.js';
import { printed as account, printTree } from './story/print.js';
import {
  refuseOtherBase,
  refuseRevoked,
  refuseStaleScan,
  refuseUnsigned,
  refuseWrongSigner,
} from './story/refusals.js';
import { scanners } from './story/scanners.js';
import { scanImage } from './story/scans.js';
import { createWorld } from './story/world.js';

async function play(): Promise<void> {
  const [first, later] = scanners(process.argv.slice(2));
  account.chapter('Keys, in the key services of the companies');
  const world = await createWorld(account);
  try {
    const trust = trustOf(world);
    const staging = world.privateRegistry.client.repository('net-monitor');
    const production = world.production.client.repository('net-monitor');

    account.chapter('Build, in the private network');
    await publishBaseImage(world, account);
    const checked = await validateBaseImage(world, trust, account);
    const built = await buildImage(world, checked, account);
    const { image } = built;
    await attachSboms(world, image, account);
    await attachProvenance(world, built, account);
    const report = await scanImage(world, { image, scanner: first, trust }, account);
    await tagImage(world, image, account);

    account.chapter('The artifact before deployment');
    await printTree(account, staging, 'v1');

    account.chapter('Deployment');
    await deploy(world, trust, checked, account);
    await verifyInProduction(world, trust, account);

    account.chapter('The artifact in production');
    await printTree(account, production, 'v1');

    account.chapter('Five refusals');
    await refuseUnsigned(world, checked, trust, account);
    await refuseWrongSigner(world, checked, trust, account);
    await refuseRevoked(world, checked, trust, account);
    await refuseOtherBase(world, checked, { scanner: first, trust }, account);
    await refuseStaleScan(world, checked, { scanner: later, before: report }, account);
  } finally {
    await world.close();
  }
}

play().then(
  () => console.log('\nverdict: net-monitor:v1 is in production, trusted, and five others are not'),
  (error: unknown) => {
    console.error(error);
    console.error('\nverdict: the story went wrong');
    process.exitCode = 1;
  },
);
