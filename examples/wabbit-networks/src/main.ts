// The story of the Notary goals: from the base image of a Dockerfile to a trusted image in production. No network is needed.
import {
  attachProvenance,
  attachSboms,
  attachScan,
  buildImage,
  publishBaseImage,
  tagImage,
  validateBaseImage,
} from './story/build.js';
import { deploy, verifyInProduction } from './story/deploy.js';
import { recordedScan } from './story/documents.js';
import { trustOf } from './story/policies.js';
import { printed as account, printTree } from './story/print.js';
import { refuseRevoked, refuseStaleScan, refuseUnsigned, refuseWrongSigner } from './story/refusals.js';
import { createWorld } from './story/world.js';

async function play(): Promise<void> {
  const world = await createWorld();
  try {
    const trust = trustOf(world);
    const staging = world.privateRegistry.client.repository('net-monitor');
    const production = world.production.client.repository('net-monitor');

    account.chapter('Build, in the private network');
    await publishBaseImage(world, account);
    const base = await validateBaseImage(world, trust, account);
    const image = await buildImage(world, account);
    await attachSboms(world, image, account);
    await attachProvenance(world, image, base, account);
    await attachScan(world, image, await recordedScan(), account);
    await tagImage(world, image, account);

    account.chapter('The artifact before deployment');
    await printTree(account, staging, 'v1');

    account.chapter('Deployment');
    await deploy(world, trust, base, account);
    await verifyInProduction(world, trust, account);

    account.chapter('The artifact in production');
    await printTree(account, production, 'v1');

    account.chapter('Four refusals');
    await refuseUnsigned(world, trust, account);
    await refuseWrongSigner(world, trust, account);
    await refuseRevoked(world, trust, account);
    await refuseStaleScan(world, base, account);
  } finally {
    await world.close();
  }
}

play().then(
  () => console.log('\nverdict: net-monitor:v1 is in production, trusted, and four others are not'),
  (error: unknown) => {
    console.error(error);
    console.error('\nverdict: the story went wrong');
    process.exitCode = 1;
  },
);
