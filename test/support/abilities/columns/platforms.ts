import type { Descriptor } from '@notarykit/oci';
import { simulate } from '@notarykit/trust-policy';
import { audit, createAuditRecord, createBundle, parseAuditRecord, sign, verifyBundle } from 'notarykit';
import { expect } from 'vitest';
import { createGateSetup, decisionOf } from '../../gate-setup.js';
import { inventory, sbomType } from '../../summary-setup.js';
import { runTool } from '../command-line.js';
import { type Judging, ofEach } from '../judging.js';
import { plainTrust } from '../policies.js';
import { pushImage, type Setup } from '../setup.js';
import type { Call, Column } from '../table.js';

const document = {
  version: '1.0',
  trustPolicies: [
    {
      name: 'platforms',
      registryScopes: ['*'],
      signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
      trustStores: ['ca:lab'],
      trustedIdentities: ['*'],
    },
  ],
};
/** A new index of one image, signed with the given platforms. */
async function indexOf(setup: Setup, platforms: 'index' | 'both'): Promise<Descriptor> {
  const index = await pushImage(setup.repository, setup.unique());
  await sign(setup.repository, index, { signer: setup.vendor, platforms });
  return index;
}

/** What is signed as a whole is refused where its platforms are asked for, and what is signed with both is not. */
const judges =
  (run: Judging): Call =>
  async (setup) => {
    const asked = { setup, repository: setup.repository, trust: plainTrust(setup), platforms: 'both' } as const;
    const [whole, each] = [await indexOf(setup, 'index'), await indexOf(setup, 'both')];
    await expect(run({ ...asked, image: whole })).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_/) });
    await run({ ...asked, image: each });
    const { platforms: _, ...byDefault } = asked;
    await run({ ...byDefault, image: whole });
  };

/** The platforms of a gate are those of its policy: each must have its own evidence. */
async function gated(): Promise<void> {
  const setup = await createGateSetup();
  const [amd64, arm64] = await Promise.all(
    ['amd64', 'arm64'].map((architecture) => setup.image(architecture, { os: 'linux', architecture })),
  );
  const root = await setup.index([amd64, arm64] as Descriptor[]);
  await setup.attach(amd64 as Descriptor, sbomType, inventory('app'));
  const decide = async (platforms: 'all' | readonly string[]) => {
    const policy = setup.policy({ image: { signedBy: ['build'], platforms }, sbom: { signedBy: ['scanner'] } });
    return (await decisionOf(setup.repository, root, { policy, trust: setup.trust() })).verdict;
  };
  expect(await decide('all')).toBe('DENY');
  expect(await decide(['linux/amd64'])).toBe('ALLOW');
  expect(await decide(['linux/arm64'])).toBe('DENY');
}

/** A bundle holds the signatures of the platforms that were asked for when it was made. */
async function bundled(setup: Setup): Promise<void> {
  const { repository } = setup;
  const [input, trust] = [{ repository, reference: await indexOf(setup, 'both') }, plainTrust(setup)];
  const made = async (platforms: 'index' | 'both') => (await createBundle(input, { ...trust, platforms })).bytes();
  const [whole, each] = [await made('index'), await made('both')];
  await expect(verifyBundle(whole, { ...trust, platforms: 'both' })).rejects.toMatchObject({
    code: 'ERR_TRUST_NO_SIGNATURE',
  });
  const { artifacts } = await verifyBundle(each, { ...trust, platforms: 'both' });
  expect(artifacts[0]?.verdict).toMatchObject({ verdict: 'trusted', manifests: [{ verdict: 'trusted' }] });
  await verifyBundle(whole, trust);
}

/** An audit records each platform, and each is decided again. */
async function simulated(setup: Setup): Promise<void> {
  const image = await indexOf(setup, 'index');
  const lines: string[] = [];
  const record = createAuditRecord((line) => void lines.push(line));
  const options = { ...plainTrust(setup), platforms: 'both', record } as const;
  const audited = [];
  for await (const one of audit([{ repository: setup.repository, reference: image.digest }], options))
    audited.push(one);
  await record.end();
  const { outcomes } = await parseAuditRecord(lines.join(''));
  const { policy, trustStore } = plainTrust(setup);
  const after = (await simulate(policy, outcomes, { trustStore })).map(({ digest, ...found }) => [digest, found.after]);
  const child = audited[0]?.manifests[0]?.descriptor.digest;
  expect(after).toEqual(
    expect.arrayContaining([
      [image.digest, 'trusted'],
      [child, 'refused'],
    ]),
  );
}

export const platformsColumn: Column = {
  ability: 'platforms',
  cells: {
    ...ofEach(judges),
    gate: gated,
    verifyBundle: bundled,
    simulate: simulated,
    'notarykit verify': async (setup) => {
      const index = await indexOf(setup, 'index');
      const reference = `${setup.host}/team/app@${index.digest}`;
      const run = (...words: readonly string[]) => runTool(setup, document, ...words, reference);
      expect((await run('verify')).code).toBe(0);
      expect((await run('verify', '--platforms', 'both')).code).not.toBe(0);
      expect((await run('sign', '--platforms', 'children')).code).toBe(0);
      expect((await run('verify', '--platforms', 'both')).code).toBe(0);
    },
  },
};
