// One artifact, signed by its vendor offline, by the hub that lists it, and by the company that runs it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discover } from 'notarykit';
import { createSetup } from './steps/setup.js';
import { certify, codeAfterTheEnd, importAndSign, partsOf, signersOf } from './steps/signatures.js';
import { policyEnds, trustInFiles, vendorAndCertifierInFiles } from './steps/trust.js';
import { signDocumentation, signOffline, upload } from './steps/vendor.js';

async function play(folder: string): Promise<string> {
  const setup = await createSetup();
  const { vendor, hub, user, hubRepository, userRepository } = setup;
  const release = await signOffline(setup, folder);
  const documentation = await signDocumentation(setup, release, folder);
  console.log(`vendor: signed offline ${release.artifact.digest}, and a folder ${documentation.artifact.digest}`);
  await upload(setup, release);
  const scopes = [hubRepository.name, userRepository.name];
  const { before, after } = await certify(setup, await trustInFiles(join(folder, 'hub'), [vendor], scopes));
  if (before !== after) throw new Error('signing changed what the tag points to');
  console.log('hub: verified and certified; digest and tag are as before');
  await importAndSign(setup, await trustInFiles(join(folder, 'importer'), [hub], scopes));
  const signers = await signersOf(setup, await trustInFiles(join(folder, 'acme'), [vendor, hub, user], scopes));
  for (const signer of signers) console.log(`trusted: ${signer}`);
  const both = await vendorAndCertifierInFiles(join(folder, 'parts'), setup);
  for (const part of await partsOf(setup, both)) console.log(`demanded: ${part}`);
  console.log(`from ${policyEnds} on the policy trusts nothing: ${await codeAfterTheEnd(setup, both)}`);
  const { referrers } = await discover(userRepository, 'v1');
  return `verdict: ${signers.length} trusted signatures and ${referrers.length - signers.length} folder of documentation at ${userRepository.name}:v1`;
}

const folder = await mkdtemp(join(tmpdir(), 'notarykit-signers-'));
try {
  console.log(await play(folder));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true });
}
