import type { Descriptor } from '@notarykit/oci';
import { explainDecision } from '@notarykit/sbom-gate';
import { promote, type Trust, verify } from 'notarykit';
import { baseRule, sharedBase } from './base-rule.js';
import type { CheckedDockerfile } from './build.js';
import { gatePolicy } from './policies.js';
import type { Account } from './print.js';
import type { Setup } from './setup.js';

/** Deployment: verify, gate, sign with the production key, copy with both accounts, tag production last. */
export async function deploy(
  setup: Setup,
  trust: Trust,
  checked: CheckedDockerfile,
  { step, quote }: Account,
): Promise<Descriptor> {
  const { privateRegistry, production, signers, timestamps } = setup;
  const source = privateRegistry.client.repository('net-monitor');
  const target = production.client.repository('net-monitor');
  const { artifact, decision, signatures, tags } = await promote(source, target, {
    reference: 'v1',
    tag: 'v1',
    ifMatch: null,
    trust,
    policy: gatePolicy,
    baseImages: checked.baseImages,
    rules: [await baseRule(setup, 'v1', checked)],
    signer: signers.production,
    ...timestamps,
  });
  step(
    `the gate says ${decision.verdict}: ${decision.counts.components} components, ${decision.counts.findings} findings, ${decision.counts.blocking} blocking`,
  );
  for (const { code, message } of decision.outcomes)
    if (code === sharedBase) step(`the gate on the base image: ${message}`);
  quote(explainDecision(decision));
  for (const { subject, signature } of signatures)
    step(`production signature of ${subject.digest.slice(0, 19)}…`, signature.digest);
  for (const { tag, after } of tags) step(`production has the tag ${tag}`, after ?? '');
  return artifact;
}

/** Production trusts the production key and nothing else. */
export async function verifyInProduction({ production }: Setup, trust: Trust, { step }: Account): Promise<void> {
  const verdict = await verify(production.client.repository('net-monitor'), 'v1', trust);
  step(`production verifies v1: ${verdict.verdict}`, verdict.digest);
}
