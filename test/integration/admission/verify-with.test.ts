import { cachedVerifier, parseImage, verifyWith } from '@notarykit/admission';
import { faults } from '@notarykit/testing';
import { describe, expect, it } from 'vitest';
import { createAdmissionLab, host, policyFor } from './lab.js';

const context = { dryRun: false };

describe('verifyWith', () => {
  it('a signed image is trusted by the digest of its tag; an unsigned one, a foreign one and a missing one have their codes', async () => {
    const { image, verify, repository, trust } = await createAdmissionLab([`${host}/signed`, `${host}/bare`]);
    const signed = await image('signed', 'v1', true);
    await image('bare', 'v1', false);
    await image('elsewhere', 'v1', true);
    expect(await verify(parseImage(`${host}/signed:v1`), context)).toMatchObject({
      outcome: 'trusted',
      code: 'TRUSTED',
      digest: signed.digest,
    });
    expect(await verify(parseImage(`${host}/bare:v1`), context)).toMatchObject({ code: 'NO_SIGNATURE' });
    expect(await verify(parseImage(`${host}/elsewhere:v1`), context)).toMatchObject({ code: 'NO_APPLICABLE_POLICY' });
    await expect(verify(parseImage(`${host}/signed:none`), context)).rejects.toMatchObject({
      code: 'ERR_OCI_NOT_FOUND',
    });
    expect(repository('signed').name).toBe(`${host}/signed`);
    expect(trust.policy.statements).toHaveLength(1);
  });

  it('a signature of a stranger is none that is trusted', async () => {
    const [ours, theirs] = [await createAdmissionLab(), await createAdmissionLab()];
    await theirs.image('signed', 'v1', true);
    const verify = cachedVerifier(
      verifyWith({ policy: { trust: ours.trust }, open: ({ repository }) => theirs.repository(repository) }),
    );
    expect(await verify(parseImage(`${host}/signed:v1`), context)).toMatchObject({
      outcome: 'denied',
      code: 'NO_TRUSTED_SIGNATURE',
    });
  });

  it('policy reload: the next request is decided under the new policy', async () => {
    const { image, repository, trust } = await createAdmissionLab();
    await image('signed', 'v1', true);
    let current = trust;
    const open = ({ repository: name }: { repository: string }) => repository(name);
    const verify = cachedVerifier(verifyWith({ policy: () => ({ trust: current }), open }));
    expect(await verify(parseImage(`${host}/signed:v1`), context)).toMatchObject({ outcome: 'trusted' });
    current = { ...trust, policy: policyFor([`${host}/other`]) };
    expect(await verify(parseImage(`${host}/signed:v1`), context)).toMatchObject({ code: 'NO_APPLICABLE_POLICY' });
  });

  it('a registry that says 429 is left alone for a while', async () => {
    const { lab, repository, trust } = await createAdmissionLab();
    let now = 1_000_000;
    lab.registry.rule({ action: faults.status({ status: 429, retryAfter: 5 }) });
    const verify = cachedVerifier(
      verifyWith({ policy: { trust }, open: ({ repository: name }) => repository(name), now: () => now }),
    );
    const ask = (name: string) => verify(parseImage(`${host}/${name}:v1`), context);
    await expect(ask('a')).rejects.toMatchObject({ code: 'ERR_REGISTRY_RATE_LIMITED' });
    const before = lab.registry.requests.length;
    await expect(ask('b')).rejects.toMatchObject({ code: 'ERR_ADMISSION_REGISTRY' });
    expect(lab.registry.requests.length).toBe(before);
    now += 61_000;
    await expect(ask('c')).rejects.toMatchObject({ code: 'ERR_REGISTRY_RATE_LIMITED' });
  });
});
