import type { ArtifactTrustOptions, TrustRequest } from '@notarykit/trust-policy/internal';
import type { GateOptions } from '../gate.js';
import type { VerifyOptions } from '../verify.js';
import type { VerdictRequest } from './verdict-request.js';

/** Where an option goes: into a member of a request, which has a row in its key, or nowhere, and why. */
type Home<Request> = { readonly member: keyof Request & string } | { readonly outside: string };
type Homes<Options, Request> = { readonly [K in keyof Required<Options>]: Home<Request> };

const signal = { outside: 'ends the wait, not the verdict' } as const;

/** Every option of trust: one that is added later does not compile until it has a home. */
export const trustOptionHomes: Homes<ArtifactTrustOptions, TrustRequest> = {
  policy: { member: 'policy' },
  statement: { member: 'statement' },
  scope: { member: 'scope' },
  trustStore: { member: 'anchors' },
  revocation: { member: 'revocation' },
  plugins: { member: 'plugins' },
  pluginConfig: { member: 'pluginConfig' },
  metadata: { member: 'metadata' },
  allowNonCriticalBasicConstraints: { member: 'allowNonCriticalBasicConstraints' },
  now: { member: 'time' },
  at: { member: 'time' },
  examine: { member: 'examine' },
  maxSignatures: { member: 'maxSignatures' },
  onSignature: { member: 'onSignature' },
  signal,
};

/** Every option of `verify`. */
export const verifyOptionHomes: Homes<Omit<VerifyOptions, keyof ArtifactTrustOptions>, VerdictRequest> = {
  platforms: { member: 'platforms' },
};

/** Every option of `gate`. */
export const gateOptionHomes: Homes<GateOptions, VerdictRequest> = {
  policy: { member: 'gate' },
  trust: { member: 'gate' },
  rules: { member: 'gate' },
  seen: { member: 'gate' },
  baseImages: { member: 'gate' },
  revokedSummaries: { member: 'gate' },
  now: { member: 'time' },
  rescan: { outside: 'changes the repository: what is decided with it is never remembered' },
  signal,
};
