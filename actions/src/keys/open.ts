import type { Fetch } from '@notarykit/common';
import type { Signer } from '@notarykit/signature-envelope';
import type { Context } from '../action/action.js';
import { inputError } from '../action/errors.js';
import { aws } from './aws.js';
import { azure } from './azure.js';
import { gcp } from './gcp.js';
import { identityTokens } from './identity-token.js';
import type { KeyService } from './key-service.js';
import { vault } from './vault.js';

const services = [vault, aws, azure, gcp] as const;

/** Inputs of {@link openKey}. */
export const keyInputs = [
  'certificate-chain',
  'oidc-audience',
  ...services.flatMap((service): readonly ServiceInput[] => service.inputs),
] as const;

type ServiceInput = (typeof services)[number]['inputs'][number];

type KeyInput = (typeof keyInputs)[number];

/**
 * The signer that the inputs name. It logs in when it first signs.
 *
 * @throws {ActionError} `ERR_ACTION_INPUT` unless exactly one key is named, and for inputs of another service
 */
export async function openKey({ inputs, secrets }: Context<KeyInput>, fetch: Fetch): Promise<Signer> {
  const names = services.map(({ key }) => key).join(', ');
  const [service, other] = services.filter(({ key }) => inputs.text(key) !== undefined);
  if (service === undefined) throw inputError(names, 'one of them is required: it names the key that signs');
  if (other !== undefined) throw inputError(other.key, `"${service.key}" names the key already`);
  for (const name of services.filter((one) => one !== service).flatMap((one): readonly ServiceInput[] => one.inputs))
    if (inputs.text(name) !== undefined) throw inputError(name, `it has no effect with "${service.key}"`);
  const chosen: KeyService<ServiceInput> = service as KeyService<ServiceInput>;
  return await chosen.open({
    inputs,
    secrets,
    fetch,
    identityToken: identityTokens(secrets),
  });
}
