import { createCachedImageVerifier, verifyWith } from '@notarykit/admission';
import { parseImage } from '@notarykit/admission/internal';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import { simulate } from '@notarykit/trust-policy';
import { recordedOutcome } from '@notarykit/trust-policy/internal';
import {
  audit,
  copy,
  createBundle,
  createCachedVerifier,
  gate,
  openGraph,
  planPromotion,
  planResigning,
  promote,
  signaturesOf,
  type Trust,
  verify,
  verifyBaseImages,
  verifyBundle,
} from 'notarykit';
import { type PolicyCase, policyOf, type Reported, statementName } from '../policies.js';
import { reported } from '../reported.js';
import { identityOf, type Setup } from '../setup.js';
import type { VerbRow } from '../table.js';

const trustOf = ({ trustStore }: Setup, asked: PolicyCase): Pick<Trust, 'policy' | 'trustStore'> => {
  return { policy: policyOf(asked), trustStore };
};

/** The policy of a deployment: the image must be signed as the statement says, and so must what is promoted. */
export const gateDocument = {
  version: '1.0',
  name: 'production',
  signers: { build: { trustPolicy: statementName } },
  image: { signedBy: ['build'] },
  output: { promote: { signWith: 'build' } },
};
export const gatePolicy = () => parseGatePolicy(JSON.stringify(gateDocument));

/** Whoever signed at all: what bundles and records are made under, before they are judged by the policy of a case. */
export const anySigner = {
  version: '1.0',
  trustPolicies: [
    {
      name: 'any',
      registryScopes: ['*'],
      signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
      trustStores: ['ca:lab'],
      trustedIdentities: [identityOf('vendor'), identityOf('certifier')],
    },
  ],
};
const anyTrust = (setup: Setup) => trustOf(setup, { document: anySigner } as PolicyCase);

async function* auditOf(setup: Setup, asked: PolicyCase) {
  const list = [{ repository: setup.repository, reference: asked.tag }];
  yield* audit(list, { ...trustOf(setup, asked), platforms: 'index' });
}

const byScope = (judge: (setup: Setup, asked: PolicyCase) => Promise<Reported>, reports = true) =>
  ({ selects: 'scope', reports, judge }) as const;
const byName = (judge: (setup: Setup, asked: PolicyCase) => Promise<Reported>) =>
  ({ selects: 'name', reports: false, judge }) as const;

export const verbRows: readonly VerbRow[] = [
  {
    verb: 'verify',
    policy: byScope((setup, asked) => reported(verify(setup.repository, asked.tag, trustOf(setup, asked)))),
  },
  {
    verb: 'copy({ verify })',
    policy: byScope((setup, asked) => {
      const options = { reference: asked.tag, verify: trustOf(setup, asked) };
      return reported(copy(setup.repository, setup.empty(), options).then(({ verdict }) => ({ ...verdict })));
    }),
  },
  {
    verb: 'gate',
    policy: byName((setup, asked) =>
      reported(
        gate(setup.repository, asked.tag, { policy: gatePolicy(), trust: trustOf(setup, asked) }).then(() => ({})),
      ),
    ),
  },
  {
    verb: 'promote',
    policy: byScope((setup, asked) => {
      const options = { reference: asked.tag, tag: 'v1', policy: gatePolicy(), trust: trustOf(setup, asked) };
      return reported(
        promote(setup.repository, setup.empty(), { ...options, signer: setup.vendor, kind: 'vendor' }).then(() => ({})),
      );
    }, false),
  },
  {
    verb: 'planPromotion',
    policy: byScope((setup, asked) => {
      const options = { reference: asked.tag, tag: 'v1', policy: gatePolicy(), trust: trustOf(setup, asked) };
      return reported(planPromotion(setup.repository, setup.empty(), options).then(() => ({})));
    }, false),
  },
  {
    verb: 'audit',
    policy: byScope(async (setup, asked) => {
      for await (const { verdict, problem, report } of auditOf(setup, asked)) {
        if (verdict === 'trusted') return await reported(Promise.resolve(report === undefined ? {} : { report }));
        return { verdict: 'refused', explanation: problem?.message ?? '' };
      }
      throw new Error('the audit gave no result');
    }),
  },
  {
    verb: 'planResigning',
    policy: byScope(async (setup, asked) => {
      const before = new Date('2200-01-01T00:00:00Z');
      const { renew, review } = await planResigning(auditOf(setup, asked), { before });
      const verdict = renew.length === 1 && review.length === 0 ? 'trusted' : 'refused';
      return { verdict, explanation: JSON.stringify(review) };
    }, false),
  },
  {
    verb: 'createBundle',
    policy: byScope((setup, asked) => {
      const input = { repository: setup.repository, reference: asked.tag };
      return reported(createBundle(input, trustOf(setup, asked)).then(() => ({})));
    }, false),
  },
  {
    verb: 'verifyBundle',
    policy: byScope(async (setup, asked) => {
      const { bytes } = await createBundle({ repository: setup.repository, reference: asked.tag }, anyTrust(setup));
      const options = { ...trustOf(setup, asked), otherPolicy: 'accept' } as const;
      return await reported(
        verifyBundle(await bytes(), options).then(({ artifacts }) => ({ ...artifacts[0]?.verdict })),
      );
    }),
  },
  {
    verb: 'verifyBaseImages',
    policy: byScope((setup, asked) => {
      const options = { open: () => setup.repository, trust: trustOf(setup, asked) };
      const images = verifyBaseImages(`FROM ${setup.repository.name}:${asked.tag}\n`, options);
      return reported(images.then(([image]) => ({ ...image?.verdict })));
    }),
  },
  {
    verb: 'createCachedVerifier',
    policy: byScope((setup, asked) =>
      reported(createCachedVerifier()(setup.repository, setup.images[asked.tag], trustOf(setup, asked))),
    ),
  },
  {
    verb: 'simulate',
    policy: byScope(async (setup, asked) => {
      const candidates = [];
      const subject = setup.images[asked.tag];
      for await (const one of signaturesOf(openGraph(setup.repository), subject)) candidates.push(one);
      const { report } = await verify(setup.repository, subject, anyTrust(setup));
      const { policy, ...options } = trustOf(setup, asked);
      const [found] = await simulate(policy, [recordedOutcome(report, candidates)], options);
      const explanation = found?.code === 'ERR_TRUST_NO_STATEMENT' ? 'no statement' : JSON.stringify(found?.because);
      return { verdict: found?.after === 'trusted' ? 'trusted' : 'refused', explanation };
    }, false),
  },
  {
    verb: 'verifyWith (admission)',
    policy: byScope(async (setup, asked) => {
      const ask = createCachedImageVerifier(
        verifyWith({ policy: { trust: trustOf(setup, asked) }, open: () => setup.repository }),
      );
      const answer = await ask(parseImage(`${setup.repository.name}:${asked.tag}`), { dryRun: false });
      return {
        verdict: answer.verdict === 'trusted' ? 'trusted' : 'refused',
        explanation: 'message' in answer ? String(answer.message) : '',
      };
    }, false),
  },
];
