import { createCachedImageVerifier, verifyWith } from '@notarykit/admission';
import { parseImage } from '@notarykit/admission/internal';
import type { Descriptor, Repository } from '@notarykit/oci';
import { simulate } from '@notarykit/trust-policy';
import {
  type AuditResult,
  audit,
  copy,
  createBundle,
  createCachedVerifier,
  type EvidenceSource,
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
import { gatePolicy } from './rows/verbs.js';
import type { Setup } from './setup.js';
import type { Call, Cell } from './table.js';

/** What a verb is asked about an image. */
export interface Asked {
  readonly setup: Setup;
  readonly repository: Repository;
  readonly image: Descriptor;
  readonly trust: Trust;
  /** Under what a bundle is made before it is verified under `trust`. Default `trust`. */
  readonly maker?: Trust;
  /** Which manifests of an index are judged. Default: the verb's own. */
  readonly platforms?: 'both';
  /** Where a bundle that is made has its evidence from. */
  readonly evidence?: EvidenceSource;
  readonly signal?: AbortSignal;
}

/** Calls a verb, which rejects for what is not trusted. */
export type Judging = (asked: Asked) => Promise<unknown>;

/** How verbs that give a verdict back in place of throwing it are distinguished from those that fail. */
class Refused extends Error {
  readonly code = 'ERR_REFUSED';
}

function checkTrusted(verdict: string | undefined, refusals: readonly string[]): void {
  if (verdict === 'trusted') return;
  if (verdict !== undefined && refusals.includes(verdict)) throw new Refused(verdict);
  throw new Error(`a verdict that is neither yes nor no: ${verdict}`);
}

const callOf = ({ signal }: Asked): { readonly signal?: AbortSignal } => (signal === undefined ? {} : { signal });
const platformsOf = ({ platforms }: Asked): { readonly platforms?: 'both' } =>
  platforms === undefined ? {} : { platforms };
const refusedByAudit = ['refused'];

function auditOf(asked: Asked): AsyncIterable<AuditResult> {
  const { repository, image, trust, platforms = 'index' } = asked;
  return audit([{ repository, reference: image.digest }], { ...trust, platforms, ...callOf(asked) });
}

const promotion = (asked: Asked) => {
  const { image, trust } = asked;
  return {
    reference: image,
    tag: 'v1',
    policy: gatePolicy(),
    trust,
    signIn: 'target',
    ...callOf(asked),
    ...platformsOf(asked),
  } as const;
};

function bundle(asked: Asked, given: Trust) {
  const { repository, image, evidence } = asked;
  const { revocation: _, ...trust } = given;
  const options = {
    ...trust,
    ...callOf(asked),
    ...platformsOf(asked),
    ...(evidence === undefined ? {} : { revocation: evidence }),
  };
  return createBundle({ repository, reference: image }, options);
}

/** Every verb of the library that judges by a trust policy. */
export const judging = {
  verify: (asked) => verify(asked.repository, asked.image, { ...asked.trust, ...callOf(asked), ...platformsOf(asked) }),
  'copy({ verify })': (asked) => {
    const { repository, image, trust, setup } = asked;
    const options = { reference: image, verify: { ...trust, ...platformsOf(asked) }, ...callOf(asked) };
    return copy(repository, setup.empty(), options);
  },
  gate: (asked) => gate(asked.repository, asked.image, { policy: gatePolicy(), trust: asked.trust, ...callOf(asked) }),
  promote: (asked) => {
    const { repository, setup } = asked;
    return promote(repository, setup.empty(), { ...promotion(asked), signer: setup.vendor, kind: 'vendor' });
  },
  planPromotion: (asked) => planPromotion(asked.repository, asked.setup.empty(), promotion(asked)),
  audit: async (asked) => {
    for await (const result of auditOf(asked))
      for (const { verdict } of [result, ...result.manifests]) checkTrusted(verdict, refusedByAudit);
  },
  planResigning: async (asked) => {
    const before = new Date('2200-01-01T00:00:00Z');
    const { review, renew } = await planResigning(auditOf(asked), { before, ...platformsOf(asked) });
    const all = asked.platforms === 'both' ? 2 : 1;
    checkTrusted(review[0]?.why ?? (renew.length === all ? 'trusted' : undefined), refusedByAudit);
  },
  createBundle: (asked) => bundle(asked, asked.trust),
  verifyBundle: async (asked) => {
    const { maker = asked.trust, signal: _, ...making } = asked;
    const { bytes } = await bundle(making, maker);
    const { revocation: __, ...trust } = asked.trust;
    return await verifyBundle(await bytes(), { ...trust, ...callOf(asked) });
  },
  verifyBaseImages: (asked) => {
    const { repository, image, trust } = asked;
    const options = { open: () => repository, trust, ...callOf(asked), ...platformsOf(asked) };
    return verifyBaseImages(`FROM ${repository.name}@${image.digest}\n`, options);
  },
  createCachedVerifier: (asked) => {
    const { repository, image, trust } = asked;
    return createCachedVerifier()(repository, image, { ...trust, ...callOf(asked), ...platformsOf(asked) });
  },
  simulate: async (asked) => {
    const { repository, image, trust } = asked;
    const { policy, at = new Date(), ...options } = trust;
    const candidates = [];
    for await (const one of signaturesOf(openGraph(repository), image)) candidates.push(one);
    const recorded = { repository: repository.name, descriptor: image, at: at.toISOString(), candidates };
    const outcomes = [{ ...recorded, verdict: 'trusted' } as const];
    const [found] = await simulate(policy, outcomes, { ...options, ...callOf(asked) });
    checkTrusted(found?.after, ['refused']);
  },
  'verifyWith (admission)': async (asked) => {
    const { repository, image, trust } = asked;
    const ask = createCachedImageVerifier(
      verifyWith({ policy: { trust, ...platformsOf(asked) }, open: () => repository }),
    );
    const context = { dryRun: false, ...callOf(asked) };
    const { verdict } = await ask(parseImage(`${repository.name}@${image.digest}`), context);
    checkTrusted(verdict, ['refused']);
  },
} as const satisfies Readonly<Record<string, Judging>>;

/** One cell for each verb that judges. */
export function ofEach(cell: (run: Judging) => Call): Readonly<Record<keyof typeof judging, Cell>> {
  const cells = Object.entries(judging).map(([verb, run]) => [verb, cell(run)]);
  return Object.fromEntries(cells) as Record<keyof typeof judging, Cell>;
}
