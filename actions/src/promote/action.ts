import type { Reference } from '@notarykit/oci';
import { type Promotion, promote } from 'notarykit';
import type { Action, Context } from '../action/action.js';
import { inputError } from '../action/errors.js';
import { gateInputs, readGateBasis } from '../action/gate-basis.js';
import { networkInputs, readNetwork } from '../action/network.js';
import { concludeDecision, concludeRefusal } from '../action/refusal.js';
import { nameOf, openBoth, readReference } from '../action/registry.js';
import { readSigning, signingInputs } from '../action/signing.js';

const inputs = [
  'from',
  'to',
  'sign-in',
  'sarif-file',
  'from-username',
  'from-password',
  'to-username',
  'to-password',
  'insecure-registry',
  ...networkInputs,
  ...gateInputs,
  ...signingInputs,
] as const;
const outputs = ['verdict', 'digest', 'sarif'] as const;

type Input = (typeof inputs)[number];

/** Verifies, gates, signs with the production key, copies, and tags last; what may not be deployed is not promoted, and the step fails. */
export const promoteAction: Action<Input, (typeof outputs)[number]> = {
  inputs,
  outputs,
  async run(context) {
    const { inputs: given } = context;
    const judged = {
      subject: given.required('from'),
      trustPolicy: given.text('trust-policy'),
      gatePolicy: given.text('gate-policy'),
    };
    try {
      const { artifact, decision } = await promoteReference(context);
      const conclusion = concludeDecision(decision, judged);
      const headline = `promoted ${judged.subject} to ${given.required('to')}`;
      return { ...conclusion, headline, outputs: { ...conclusion.outputs, digest: artifact.digest } };
    } catch (error) {
      return concludeRefusal(error, judged);
    }
  },
};

async function promoteReference(context: Context<Input>): Promise<Promotion> {
  const { inputs: given } = context;
  const [from, to] = [readReference(given, 'from'), readReference(given, 'to')];
  if (to.tag === undefined || to.digest !== undefined)
    throw inputError('to', 'name it by the tag that is set last, such as registry.example.com/app:v1');
  const network = await readNetwork(given);
  const [source, target] = await openBoth(context, [placeOf(from, 'from'), placeOf(to, 'to')], network);
  return await promote(source, target, {
    ...(await readGateBasis(given, network)),
    ...(await readSigning(context, network)),
    reference: nameOf(from, 'from'),
    tag: to.tag,
    signIn: given.choice('sign-in', ['source', 'target']) ?? 'source',
  });
}

/** A side of the promotion, and the inputs with its account. */
function placeOf<Side extends 'from' | 'to'>(reference: Reference, side: Side) {
  return { reference, account: { username: `${side}-username`, password: `${side}-password` } } as const;
}
