import { inputError } from '../action/errors.js';
import type { Inputs } from '../action/inputs.js';

/** The certificate chain of a key whose service keeps none, PEM. */
export async function requiredChain(inputs: Inputs<'certificate-chain'>): Promise<string> {
  const chain = await optionalChain(inputs);
  if (chain === undefined) throw inputError('certificate-chain', 'it is required: the service keeps no certificates');
  return chain;
}

/** The certificate chain of the inputs, PEM. */
export function optionalChain(inputs: Inputs<'certificate-chain'>): Promise<string | undefined> {
  return inputs.file('certificate-chain', (content) => new TextDecoder().decode(content));
}
