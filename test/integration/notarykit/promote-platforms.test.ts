import { memoryRepository } from '@notarykit/oci';
import { type PromoteOptions, type Promotion, planPromotion, promote, sign, verify } from 'notarykit';
import { beforeAll, describe, expect, it } from 'vitest';
import { createGateSetup, type GateSetup } from '../../support/gate-setup.js';

let setup: GateSetup;
beforeAll(async () => {
  setup = await createGateSetup();
});

/** An index of two platforms in staging, and what it takes to promote it by the key of `verifier`. */
async function createPromotion(name: string) {
  const platforms = await Promise.all(
    ['amd64', 'arm64'].map((architecture) => setup.image(`${name} ${architecture}`, { os: 'linux', architecture })),
  );
  const root = await setup.index(platforms);
  const trust = { ...setup.trust(), statement: 'build' };
  const policy = setup.policy();
  const options: PromoteOptions = { reference: root, tag: name, policy, trust, signer: setup.verifier.signer };
  const target = memoryRepository('registry.test/verifier');
  const signPlatforms = () => sign(setup.repository, root, { signer: setup.build.signer, platforms: 'children' });
  return { platforms, root, options, target, signPlatforms };
}

const digestsOf = ({ signatures }: Promotion) => signatures.map(({ signature: { digest } }) => digest);

describe('promote with platforms', () => {
  it('refuses a platform without a signature of its own, and writes nothing', async () => {
    const { options, target, platforms, root } = await createPromotion('unsigned');
    await expect(promote(setup.repository, target, { ...options, platforms: 'both' })).rejects.toMatchObject({
      code: 'ERR_TRUST_NO_SIGNATURE',
    });
    expect(await target.exists(root)).toBe(false);
    await sign(setup.repository, platforms[0] as never, { signer: setup.build.signer });
    await expect(promote(setup.repository, target, { ...options, platforms: 'both' })).rejects.toMatchObject({
      code: 'ERR_TRUST_NO_SIGNATURE',
    });
  });

  it('each platform is signed for production, in the source or at the target, and a second run signs nothing', async () => {
    for (const signIn of ['source', 'target'] as const) {
      const { options, target, platforms, root, signPlatforms } = await createPromotion(signIn);
      const { signatures } = await signPlatforms();
      const asked = { ...options, signIn, platforms: 'both' } as const;
      const done = await promote(setup.repository, target, asked);
      const digests = platforms.map(({ digest }) => digest);
      expect(done.plan.platforms.map(({ digest }) => digest)).toEqual(digests);
      expect(done.signatures.map(({ subject }) => subject.digest)).toEqual([root.digest, ...digests]);
      const verdict = await verify(target, signIn, { ...setup.trust(), platforms: 'both' });
      expect(verdict).toMatchObject({ verdict: 'trusted', manifests: [{}, {}] });
      // What made them trusted here travels along.
      for (const { signature } of signatures) expect(await target.exists(signature)).toBe(true);
      const again = await promote(setup.repository, target, asked);
      expect(digestsOf(again)).toEqual(digestsOf(done));
    }
  });

  it('a platform that the gate did not look at gets no signature of its own', async () => {
    const { options, target, root, signPlatforms } = await createPromotion('unjudged');
    await signPlatforms();
    const policy = setup.policy({ image: { signedBy: ['build'], platforms: ['linux/amd64'] } });
    const asked = { ...options, policy, platforms: 'both' } as const;
    const refused = { code: 'ERR_NOTARYKIT_PLATFORMS', message: expect.stringContaining('image.platforms') };
    await expect(promote(setup.repository, target, asked)).rejects.toMatchObject(refused);
    await expect(planPromotion(setup.repository, target, asked)).rejects.toMatchObject(refused);
    expect(await target.exists(root)).toBe(false);
    const { signatures } = await promote(setup.repository, target, { ...asked, platforms: 'index' });
    expect(signatures.map(({ subject }) => subject.digest)).toEqual([root.digest]);
  });

  it('by default no platform is signed', async () => {
    const { options, target, root } = await createPromotion('default');
    const { plan } = await planPromotion(setup.repository, target, options);
    expect(plan.platforms).toEqual([]);
    const { signatures } = await promote(setup.repository, target, options);
    expect(signatures.map(({ subject }) => subject.digest)).toEqual([root.digest]);
  });

  it('platforms without the index are not enough: the tag is on the index', async () => {
    const { options, target, signPlatforms } = await createPromotion('children');
    await signPlatforms();
    const asked = { ...options, platforms: 'children' } as unknown as PromoteOptions;
    const refused = { code: 'ERR_NOTARYKIT_ARGUMENT', message: expect.stringContaining('children') };
    await expect(promote(setup.repository, target, asked)).rejects.toMatchObject(refused);
    await expect(planPromotion(setup.repository, target, asked)).rejects.toMatchObject(refused);
  });

  it('an image that is not an index has no platforms', async () => {
    const image = await setup.signed('alone');
    const { options, target } = await createPromotion('alone');
    const { plan } = await planPromotion(setup.repository, target, { ...options, reference: image, platforms: 'both' });
    expect(plan.platforms).toEqual([]);
  });
});
