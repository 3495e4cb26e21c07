import { cachedVerifier, parseImage, verifyWith } from '@notarykit/admission';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import { recordedOutcome, simulate } from '@notarykit/trust-policy';
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
import { type PolicyCase, policyOf, statementName, type Told } from '../policies.js';
import type { VerbRow } from '../table.js';
import { told } from '../told.js';
import { identityOf, type World } from '../world.js';

const trustOf = ({ trustStore }: World, asked: PolicyCase): Pick<Trust, 'policy' | 'trustStore'> => {
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
const anyTrust = (world: World) => trustOf(world, { document: anySigner } as PolicyCase);

async function* auditOf(world: World, asked: PolicyCase) {
  const list = [{ repository: world.repository, reference: asked.tag }];
  yield* audit(list, { ...trustOf(world, asked), platforms: 'index' });
}

const byScope = (judge: (world: World, asked: PolicyCase) => Promise<Told>, reports = true) =>
  ({ selects: 'scope', reports, judge }) as const;
const byName = (judge: (world: World, asked: PolicyCase) => Promise<Told>) =>
  ({ selects: 'name', reports: false, judge }) as const;

export const verbRows: readonly VerbRow[] = [
  {
    verb: 'verify',
    policy: byScope((world, asked) => told(verify(world.repository, asked.tag, trustOf(world, asked)))),
  },
  {
    verb: 'copy({ verify })',
    policy: byScope((world, asked) => {
      const options = { reference: asked.tag, verify: trustOf(world, asked) };
      return told(copy(world.repository, world.empty(), options).then(({ verdict }) => ({ ...verdict })));
    }),
  },
  {
    verb: 'gate',
    policy: byName((world, asked) =>
      told(gate(world.repository, asked.tag, { policy: gatePolicy(), trust: trustOf(world, asked) }).then(() => ({}))),
    ),
  },
  {
    verb: 'promote',
    policy: byScope((world, asked) => {
      const options = { reference: asked.tag, tag: 'v1', policy: gatePolicy(), trust: trustOf(world, asked) };
      return told(
        promote(world.repository, world.empty(), { ...options, signer: world.vendor, kind: 'vendor' }).then(() => ({})),
      );
    }, false),
  },
  {
    verb: 'planPromotion',
    policy: byScope((world, asked) => {
      const options = { reference: asked.tag, tag: 'v1', policy: gatePolicy(), trust: trustOf(world, asked) };
      return told(planPromotion(world.repository, world.empty(), options).then(() => ({})));
    }, false),
  },
  {
    verb: 'audit',
    policy: byScope(async (world, asked) => {
      for await (const { verdict, problem, report } of auditOf(world, asked)) {
        if (verdict === 'trusted') return await told(Promise.resolve(report === undefined ? {} : { report }));
        return { verdict: 'refused', explanation: problem?.message ?? '' };
      }
      throw new Error('the audit gave no result');
    }),
  },
  {
    verb: 'planResigning',
    policy: byScope(async (world, asked) => {
      const before = new Date('2200-01-01T00:00:00Z');
      const { renew, review } = await planResigning(auditOf(world, asked), { before });
      const verdict = renew.length === 1 && review.length === 0 ? 'trusted' : 'refused';
      return { verdict, explanation: JSON.stringify(review) };
    }, false),
  },
  {
    verb: 'createBundle',
    policy: byScope((world, asked) => {
      const input = { repository: world.repository, reference: asked.tag };
      return told(createBundle(input, trustOf(world, asked)).then(() => ({})));
    }, false),
  },
  {
    verb: 'verifyBundle',
    policy: byScope(async (world, asked) => {
      const { bytes } = await createBundle({ repository: world.repository, reference: asked.tag }, anyTrust(world));
      const options = { ...trustOf(world, asked), otherPolicy: 'accept' } as const;
      return await told(verifyBundle(await bytes(), options).then(({ artifacts }) => ({ ...artifacts[0]?.verdict })));
    }),
  },
  {
    verb: 'verifyBaseImages',
    policy: byScope((world, asked) => {
      const options = { open: () => world.repository, trust: trustOf(world, asked) };
      const images = verifyBaseImages(`FROM ${world.repository.name}:${asked.tag}\n`, options);
      return told(images.then(([image]) => ({ ...image?.verdict })));
    }),
  },
  {
    verb: 'createCachedVerifier',
    policy: byScope((world, asked) =>
      told(createCachedVerifier()(world.repository, world.images[asked.tag], trustOf(world, asked))),
    ),
  },
  {
    verb: 'simulate',
    policy: byScope(async (world, asked) => {
      const candidates = [];
      const subject = world.images[asked.tag];
      for await (const one of signaturesOf(openGraph(world.repository), subject)) candidates.push(one);
      const { report } = await verify(world.repository, subject, anyTrust(world));
      const { policy, ...options } = trustOf(world, asked);
      const [found] = await simulate(policy, [recordedOutcome(report, candidates)], options);
      const explanation = found?.after === 'noStatement' ? 'no statement' : JSON.stringify(found?.because);
      return { verdict: found?.after === 'trusted' ? 'trusted' : 'refused', explanation };
    }, false),
  },
  {
    verb: 'verifyWith (admission)',
    policy: byScope(async (world, asked) => {
      const ask = cachedVerifier(
        verifyWith({ policy: { trust: trustOf(world, asked) }, open: () => world.repository }),
      );
      const answer = await ask(parseImage(`${world.repository.name}:${asked.tag}`), { dryRun: false });
      return {
        verdict: answer.outcome === 'trusted' ? 'trusted' : 'refused',
        explanation: 'message' in answer ? String(answer.message) : '',
      };
    }, false),
  },
];
