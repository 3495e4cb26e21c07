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
import { createSetup } from './story/setup.js';

async function play(): Promise<void> {
  const [first, later] = scanners(process.argv.slice(2));
  account.chapter('Keys, in the key services of the companies');
  const setup = await createSetup(account);
  try {
    const trust = trustOf(setup);
    const staging = setup.privateRegistry.client.repository('net-monitor');
    const production = setup.production.client.repository('net-monitor');

    account.chapter('Build, in the private network');
    await publishBaseImage(setup, account);
    const checked = await validateBaseImage(setup, trust, account);
    const built = await buildImage(setup, checked, account);
    const { image } = built;
    await attachSboms(setup, image, account);
    await attachProvenance(setup, built, account);
    const report = await scanImage(setup, { image, scanner: first, trust }, account);
    await tagImage(setup, image, account);

    account.chapter('The artifact before deployment');
    await printTree(account, staging, 'v1');

    account.chapter('Deployment');
    await deploy(setup, trust, checked, account);
    await verifyInProduction(setup, trust, account);

    account.chapter('The artifact in production');
    await printTree(account, production, 'v1');

    account.chapter('Five refusals');
    await refuseUnsigned(setup, checked, trust, account);
    await refuseWrongSigner(setup, checked, trust, account);
    await refuseRevoked(setup, checked, trust, account);
    await refuseOtherBase(setup, checked, { scanner: first, trust }, account);
    await refuseStaleScan(setup, checked, { scanner: later, before: report }, account);
  } finally {
    await setup.close();
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
