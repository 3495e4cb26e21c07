import { isNotFound } from '@notarykit/oci/internal';
import { lintTrustPolicy } from '@notarykit/trust-policy';
import { copy, promote } from 'notarykit';
import { expect } from 'vitest';
import { type Judging, judging, ofEach } from '../judging.js';
import { plainTrust } from '../policies.js';
import { gatePolicy } from '../rows/verbs.js';
import type { Setup } from '../setup.js';
import type { Call, Column } from '../table.js';

/** What was given up rejects with the reason that was given, whatever was under way. */
const rejects =
  (run: Judging): Call =>
  async (setup) => {
    const reason = new Error('given up');
    const asked = { setup, repository: setup.repository, image: setup.images.both, trust: plainTrust(setup) };
    await expect(run({ ...asked, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  };

/** A verb that writes, given up at a moment of its progress. */
type Writing = (
  setup: Setup,
  target: ReturnType<Setup['empty']>,
  options: { readonly signal: AbortSignal; readonly onProgress: (progress: { readonly phase: string }) => void },
) => Promise<unknown>;

/** Given up while it writes, it leaves no tag on what is not whole. */
const stops =
  (run: Judging, write: Writing, phase: string): Call =>
  async (setup) => {
    await rejects(run)(setup);
    const [reason, target, giving] = [new Error('given up'), setup.empty(), new AbortController()];
    const onProgress = (progress: { readonly phase: string }): void => {
      if (progress.phase === phase) giving.abort(reason);
    };
    await expect(write(setup, target, { signal: giving.signal, onProgress })).rejects.toBe(reason);
    await expect(target.resolve('v1')).rejects.toSatisfy(isNotFound);
  };

const copying: Writing = (setup, target, options) =>
  copy(setup.repository, target, { reference: 'both', tag: 'v1', verify: plainTrust(setup), ...options });

const promoting: Writing = (setup, target, options) => {
  const decided = { reference: 'both', tag: 'v1', policy: gatePolicy(), trust: plainTrust(setup) };
  return promote(setup.repository, target, { ...decided, signer: setup.vendor, kind: 'vendor', ...options });
};

export const abortColumn: Column = {
  ability: 'abort',
  cells: {
    ...ofEach(rejects),
    'copy({ verify })': stops(judging['copy({ verify })'], copying, 'assert'),
    promote: stops(judging.promote, promoting, 'copy'),
    lintTrustPolicy: async (setup) => {
      const reason = new Error('given up');
      const { policy } = plainTrust(setup);
      await expect(lintTrustPolicy(policy, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    },
  },
};
