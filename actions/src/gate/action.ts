import { checkTag, type Digest } from '@notarykit/oci';
import type { GateDecision } from '@notarykit/sbom-gate';
import { gate } from 'notarykit';
import type { Action, Context } from '../action/action.js';
import { inputError } from '../action/errors.js';
import { gateInputs, readDigest, readGateBasis } from '../action/gate-basis.js';
import { networkInputs, readNetwork } from '../action/network.js';
import { concludeDecision, concludeRefusal } from '../action/refusal.js';
import { account, nameOf, openRepository, readReference, registryInputs } from '../action/registry.js';

const inputs = [
  'reference',
  'tags',
  'revoked-summaries',
  'sarif-file',
  ...registryInputs,
  ...networkInputs,
  ...gateInputs,
] as const;
const outputs = ['verdict', 'digest', 'sarif'] as const;

type Input = (typeof inputs)[number];

/** Decides whether an artifact may be deployed, and tags it if it may; a step whose artifact may not be deployed fails. */
export const gateAction: Action<Input, (typeof outputs)[number]> = {
  inputs,
  outputs,
  async run(context) {
    const { inputs: given } = context;
    const judged = {
      subject: given.required('reference'),
      trustPolicy: given.text('trust-policy'),
      gatePolicy: given.text('gate-policy'),
    };
    try {
      const decision = await decide(context);
      const conclusion = concludeDecision(decision, judged);
      return { ...conclusion, outputs: { ...conclusion.outputs, digest: decision.image.digest } };
    } catch (error) {
      return concludeRefusal(error, judged);
    }
  },
};

/** The tags are set last, and on what was decided about. */
async function decide(context: Context<Input>): Promise<GateDecision> {
  const { inputs: given } = context;
  const reference = readReference(given, 'reference');
  const tags = given.lines('tags').map(readTag);
  const revokedSummaries = given.lines('revoked-summaries').map(readRevoked);
  const network = await readNetwork(given);
  const repository = openRepository(context, { reference, account }, network);
  const basis = await readGateBasis(given, network);
  const decision = await gate(repository, nameOf(reference, 'reference'), { ...basis, revokedSummaries });
  if (tags.length === 0) return decision;
  const allowed = await repository.resolve(decision.image.digest);
  for (const tag of tags) await repository.tag(allowed, tag);
  return decision;
}

/** A tag as it was written. */
function readTag(tag: string): string {
  try {
    checkTag(tag);
    return tag;
  } catch (cause) {
    throw inputError('tags', (cause as Error).message, cause);
  }
}

function readRevoked(text: string): Digest {
  try {
    return readDigest(text);
  } catch (cause) {
    throw inputError('revoked-summaries', (cause as Error).message, cause);
  }
}
