import { explain, toSarif } from '@notarykit/trust-policy';
import { type Skipped, type Verified, verify } from 'notarykit';
import type { Action, Conclusion, Context } from '../action/action.js';
import { networkInputs, readNetwork } from '../action/network.js';
import { concludeRefusal } from '../action/refusal.js';
import { account, nameOf, openRepository, readReference, registryInputs } from '../action/registry.js';
import { placeFindings } from '../action/sarif.js';
import { readTrust, trustInputs } from '../action/trust.js';

const inputs = [
  'reference',
  'metadata',
  'platforms',
  'sarif-file',
  ...registryInputs,
  ...networkInputs,
  ...trustInputs,
] as const;
const outputs = ['verdict', 'digest', 'sarif'] as const;

type Input = (typeof inputs)[number];

/** Verifies an artifact under a trust policy; a step whose artifact is not trusted fails. */
export const verifyAction: Action<Input, (typeof outputs)[number]> = {
  inputs,
  outputs,
  async run(context) {
    const judged = { subject: context.inputs.required('reference'), trustPolicy: context.inputs.text('trust-policy') };
    try {
      return conclude(await verifyReference(context), judged);
    } catch (error) {
      return concludeRefusal(error, judged);
    }
  },
};

async function verifyReference(context: Context<Input>): Promise<Verified | Skipped> {
  const { inputs: given } = context;
  const reference = readReference(given, 'reference');
  const network = await readNetwork(given);
  const repository = openRepository(context, { reference, account }, network);
  return await verify(repository, nameOf(reference, 'reference'), {
    ...(await readTrust(given, network)),
    metadata: given.pairs('metadata'),
    platforms: given.choice('platforms', ['index', 'children', 'both']) ?? 'index',
  });
}

function conclude(
  { verdict, digest, report }: Verified | Skipped,
  { subject, trustPolicy }: { readonly subject: string; readonly trustPolicy: string | undefined },
): Conclusion<'verdict' | 'digest'> {
  // Skipped is not trusted: nothing was verified.
  const passed = verdict === 'trusted';
  return {
    passed,
    headline: passed ? `${subject} is trusted` : `${subject} was not verified: the trust policy skips it`,
    explanation: explain(report),
    outputs: { verdict, ...(passed ? { digest } : {}) },
    findings: placeFindings(toSarif([report]), { subject, policy: trustPolicy }),
  };
}
