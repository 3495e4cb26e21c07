import { signerConformance } from '@notarykit/kms-providers/conformance';
import { createAuthority } from '@notarykit/testing';
import { afterAll, describe, test } from 'vitest';
import { faultsOf, providers } from '../support/kms-providers.js';

const authority = await createAuthority();
const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

for (const { name, keySpecs, start } of providers) {
  describe(`kms ${name}`, () => {
    for (const keySpec of keySpecs) {
      describe(keySpec, async () => {
        const leaf = await authority.issueLeaf({ keySpec });
        const next = await authority.issueLeaf({ keySpec });
        const [lab, rotating] = [await start(leaf), await start(leaf)];
        closers.push(lab.close, rotating.close);
        const { create, secrets } = lab;
        const { rotate } = rotating;
        signerConformance({
          test,
          create,
          keySpec,
          secrets,
          trustedRoot: authority.root.certificate,
          faults: faultsOf(lab),
          // Six hundred find lost zeros: with a local key, and with one service. Over a socket each takes milliseconds.
          ...(name === 'local' || (name === 'aws' && keySpec === 'EC-256') ? {} : { signatures: 8 }),
          ...(rotate === undefined ? {} : { rotation: { create: rotating.create, rotate: () => rotate(next) } }),
        });
      });
    }
  });
}
