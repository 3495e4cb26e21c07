import { type Classification, digestOfKey, type KeyValue, keyOf } from '@notarykit/common/internal';
import type { GatePolicy } from '@notarykit/sbom-gate/internal/core';
import type { TrustRequest } from '@notarykit/trust-policy/internal';
import { packagesVersion } from '../version.js';
import { digestOfFrozen } from './frozen.js';
import type { GatePart } from './gate-part.js';
import { gateRows, requestRows, signersKey, trustRows } from './keys.js';
import type { VerdictRequest } from './verdict-request.js';

// A summary is about a request by the same rows as a verdict in the cache, except for what the statement says in its own fields: the
// image with its place, and the time. What has no row here has the row of the cache, so that a member that is added later is part of it.
const ownField = { outside: 'the statement has a field for it' } as const;

const summaryTrustRows: Classification<TrustRequest> = {
  ...trustRows,
  repository: ownField,
  scope: { outside: 'a gate names its statements: no scope selects one' },
  time: ownField,
};

const summaryGateRows: Classification<GatePart> = {
  ...gateRows,
  policy: { part: (policy) => (namesImages(policy) ? undefined : digestOfFrozen(policy)) },
  seen: { part: (seen) => (seen.length === 0 ? [] : undefined) },
  revokedSummaries: { outside: 'compared each time' },
  signers: { part: (signers) => signersKey(signers, summaryTrustRows) },
};

const summaryRows: Classification<VerdictRequest> = {
  ...requestRows,
  subject: ownField,
  trust: { outside: 'decided each time, before the gate' },
  platforms: { outside: 'about the signatures that are decided each time; a gate has its own in its policy' },
  gate: { part: (gate) => keyOf(gate, summaryGateRows).key },
  time: { part: ({ fixed }) => (fixed ? undefined : 'clock') },
  tenant: { outside: 'whose credentials are used: a summary is found through them' },
  digest: { outside: 'made of the rest' },
  uncacheable: { outside: 'made of the rest' },
};

/** An exception for one image says nothing of the same image at another place. */
function namesImages({ exceptions }: GatePolicy): boolean {
  return exceptions.some(({ images }) => images.length > 0);
}

/** What a summary of this request is about, as a key; nothing for a request that neither makes nor accepts one. */
export function summaryKey(request: VerdictRequest): KeyValue | undefined {
  return request.gate === undefined ? undefined : keyOf(request, summaryRows).key;
}

/** The digest of a summary's key. The version of the packages is a part of it: a summary of older code does not count. */
export function digestOfSummary(key: KeyValue, version: string = packagesVersion): string {
  return digestOfKey(['summary', version, key]);
}

/**
 * The digest that a summary of this request must state. Nothing for a request that neither makes nor accepts one: with `seen`, with a
 * time that the caller sets, with exceptions that name images, or with something that has no identity.
 */
export function summaryDigest(request: VerdictRequest): string | undefined {
  const key = summaryKey(request);
  return key === undefined ? undefined : digestOfSummary(key);
}

/** The place of an image, as a summary names it. */
export function resourceOf(repository: string, digest: string): string {
  return `${repository}@${digest}`;
}
