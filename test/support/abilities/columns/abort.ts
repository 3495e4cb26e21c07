import { isNotFound } from '@notarykit/oci';
import { lintTrustPolicy } from '@notarykit/trust-policy';
import { copy, promote } from 'notarykit';
import { expect } from 'vitest';
import { type Judging, judging, ofEach } from '../judging.js';
import { plainTrust } from '../policies.js';
import { gatePolicy } from '../rows/verbs.js';
import type { Call, Column } from '../table.js';
import type { World } from '../world.js';

/** What was given up rejects with the reason that was given, whatever was under way. */
const rejects =
  (run: Judging): Call =>
  async (world) => {
    const reason = new Error('given up');
    const asked = { world, repository: world.repository, image: world.images.both, trust: plainTrust(world) };
    await expect(run({ ...asked, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  };

/** A verb that writes, given up at a moment of its progress. */
type Writing = (
  world: World,
  target: ReturnType<World['empty']>,
  options: { readonly signal: AbortSignal; readonly onProgress: (progress: { readonly phase: string }) => void },
) => Promise<unknown>;

/** Given up while it writes, it leaves no tag on what is not whole. */
const stops =
  (run: Judging, write: Writing, phase: string): Call =>
  async (world) => {
    await rejects(run)(world);
    const [reason, target, giving] = [new Error('given up'), world.empty(), new AbortController()];
    const onProgress = (progress: { readonly phase: string }): void => {
      if (progress.phase === phase) giving.abort(reason);
    };
    await expect(write(world, target, { signal: giving.signal, onProgress })).rejects.toBe(reason);
    await expect(target.resolve('v1')).rejects.toSatisfy(isNotFound);
  };

const copying: Writing = (world, target, options) =>
  copy(world.repository, target, { reference: 'both', tag: 'v1', verify: plainTrust(world), ...options });

const promoting: Writing = (world, target, options) => {
  const decided = { reference: 'both', tag: 'v1', policy: gatePolicy(), trust: plainTrust(world) };
  return promote(world.repository, target, { ...decided, signer: world.vendor, kind: 'vendor', ...options });
};

export const abortColumn: Column = {
  ability: 'abort',
  cells: {
    ...ofEach(rejects),
    'copy({ verify })': stops(judging['copy({ verify })'], copying, 'assert'),
    promote: stops(judging.promote, promoting, 'copy'),
    lintTrustPolicy: async (world) => {
      const reason = new Error('given up');
      const { policy } = plainTrust(world);
      await expect(lintTrustPolicy(policy, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    },
  },
};
