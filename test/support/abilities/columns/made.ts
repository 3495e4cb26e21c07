import type { Descriptor } from '@notarykit/oci';
import { attestSummary, inspect, openGraph, publish, revokeSummaries, type SignOptions, sign, verify } from 'notarykit';
import { expect } from 'vitest';
import { createGateSetup } from '../../gate-setup.js';
import { bySummary, createSummarySetup, inventory, pathOf, sbomType, verifierId } from '../../summary-setup.js';
import { attachNote, lastTag, type Making, making, ofEachMaker } from '../making.js';
import { plainTrust } from '../policies.js';
import { pushImage, type Setup } from '../setup.js';
import type { Call, Column } from '../table.js';
import { pluginName, pluginThat } from './plugins.js';

/** A signature that is made to be judged by a plugin is not trusted without it. */
const forPlugin =
  (run: Making): Call =>
  async (setup) => {
    const { repository } = setup;
    const image = await pushImage(repository, setup.unique());
    const made = await run({ setup, repository, image, signing: { verificationPlugin: pluginName } });
    const trust = plainTrust(setup);
    await expect(verify(repository, made, trust)).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
    const plugins = [pluginThat(true).plugin];
    expect(await verify(repository, made, { ...trust, plugins })).toMatchObject({ verdict: 'trusted' });
  };

const day = new Date('2026-11-01T00:00:00Z');

/** What is made says that it was made then: its signature, and where it has a time itself, it too. */
const madeAt =
  (run: Making, says: (setup: Setup, made: Descriptor) => Promise<unknown>): Call =>
  async (setup) => {
    const { repository } = setup;
    const image = await pushImage(repository, setup.unique());
    const made = await run({ setup, repository, image, signing: { now: day }, now: day });
    expect(await says(setup, made)).toBe('2026-11-01T00:00:00Z');
  };

/** By the word of who signed it. */
async function signingTime({ repository }: Setup, made: Descriptor): Promise<unknown> {
  const { signatures } = await inspect(repository, made);
  const [one] = signatures;
  return one !== undefined && 'signedAttributes' in one ? one.signedAttributes['signingTime'] : signatures;
}

/** By the word of its manifest. */
async function creationTime({ repository }: Setup, made: Descriptor): Promise<unknown> {
  const { manifest } = await openGraph(repository).manifest(made);
  return manifest.annotations?.['org.opencontainers.image.created']?.replace('.000Z', 'Z');
}

/** Signed with its platforms, an index is trusted where they are asked for; signed as a whole it is not. */
const withPlatforms =
  (signing: (setup: Setup, image: Descriptor, options: SignOptions) => Promise<unknown>): Call =>
  async (setup) => {
    const { repository, vendor: signer } = setup;
    const asked = { ...plainTrust(setup), platforms: 'both' } as const;
    const [whole, each] = [await pushImage(repository, setup.unique()), await pushImage(repository, setup.unique())];
    await signing(setup, whole, { signer, platforms: 'index' });
    await signing(setup, each, { signer, platforms: 'both' });
    await expect(verify(repository, whole, asked)).rejects.toMatchObject({ code: 'ERR_TRUST_NO_SIGNATURE' });
    expect(await verify(repository, each, asked)).toMatchObject({ verdict: 'trusted' });
  };

/** The platforms are those of the policy: each must have its own evidence. */
async function attestPlatforms(): Promise<void> {
  const setup = await createGateSetup();
  const image = (architecture: string) => setup.image(architecture, { os: 'linux', architecture });
  const [amd64, arm64] = [await image('amd64'), await image('arm64')];
  const root = await setup.index([amd64, arm64]);
  await setup.attach(amd64, sbomType, inventory('app'));
  const verdictOf = async (platforms: readonly string[]) => {
    const blocks = {
      image: { signedBy: ['build'], platforms },
      sbom: { signedBy: ['scanner'] },
      output: { verifierId },
    };
    const options = { policy: setup.policy(blocks), trust: setup.trust(), sign: { signer: setup.verifier.signer } };
    return (await attestSummary(setup.repository, root, options)).decision.verdict;
  };
  expect(await verdictOf(['linux/amd64'])).toBe('ALLOW');
  expect(await verdictOf(['linux/amd64', 'linux/arm64'])).toBe('DENY');
}

/** A gate accepts the summary that was made, until it is revoked. */
async function revoked(): Promise<void> {
  const setup = await createSummarySetup();
  const { repository, root, options, verifier } = setup;
  await setup.attest();
  expect(pathOf(await setup.decide())).toEqual(bySummary);
  await revokeSummaries(repository, root, { policy: options.policy, sign: { signer: verifier.signer } });
  expect(pathOf(await setup.decide())).toMatchObject({ 0: 'ALLOW', 1: 'evidence' });
}

async function attested(): Promise<void> {
  const setup = await createSummarySetup();
  expect(pathOf(await setup.decide())[1]).toBe('evidence');
  await setup.attest();
  expect(pathOf(await setup.decide())).toEqual(bySummary);
}

/** What verbs that write can do. */
export const madeColumns: readonly Column[] = [
  { ability: 'plugins', cells: ofEachMaker(forPlugin) },
  {
    ability: 'at/now',
    cells: {
      ...ofEachMaker((run) => madeAt(run, signingTime)),
      attestSummary: madeAt(making.attestSummary, creationTime),
      revokeSummaries: madeAt(making.revokeSummaries, creationTime),
      attach: madeAt(attachNote, creationTime),
    },
  },
  {
    ability: 'platforms',
    cells: {
      sign: withPlatforms(({ repository }, image, options) => sign(repository, image, options)),
      publish: withPlatforms(({ repository }, image, options) =>
        publish(repository, { push: async () => image, sign: options, tag: lastTag({ image }) }),
      ),
      attestSummary: attestPlatforms,
    },
  },
  { ability: 'VSA', cells: { attestSummary: attested, revokeSummaries: revoked } },
];
