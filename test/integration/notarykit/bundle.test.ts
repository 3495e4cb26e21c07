import { createBundle, readBundle, verifyBundle } from 'notarykit';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BundleLab, createBundleLab, later, trustOf } from '../../support/bundle/lab.js';

let lab: BundleLab;
let trust: ReturnType<typeof trustOf>;
beforeAll(async () => {
  lab = await createBundleLab();
  trust = trustOf(lab, lab.repository.name);
});

const make = (options = {}) =>
  createBundle(
    { repository: lab.repository, reference: 'v1' },
    { ...trust, revocation: { fetch: lab.services.fetch }, ...options },
  );

describe('a bundle', () => {
  it('is verified with nobody to ask', async () => {
    const bytes = await (await make()).bytes();
    const asked = lab.services.requests.length + lab.registry.requests.length;
    const { artifacts } = await verifyBundle(bytes, { ...trust, expect: [`${lab.repository.name}:v1`] });
    expect(artifacts).toMatchObject([
      {
        repository: lab.repository.name,
        tag: 'v1',
        verdict: { verdict: 'trusted', digest: lab.artifact.digest },
        referrers: [{ descriptor: { digest: lab.sbom.digest }, verdict: { verdict: 'trusted' } }],
      },
    ]);
    expect(lab.services.requests.length + lab.registry.requests.length).toBe(asked);
  });

  it('later', async () => {
    console.log(
      (await make()).evidence.map((e) => [e.method, e.url, e.certId?.slice(0, 30), e.answer.length]),
      later(lab.clock.now, 1),
      (await readBundle((await make()).stream())).artifacts,
    );
  });
});
