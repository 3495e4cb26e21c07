import type { Fetch } from '@notarykit/common';
import type { Signer } from '@notarykit/signature-envelope';
import type { Context } from '../action/action.js';

/** What the opening of a key works with. */
export interface KeyContext<Input extends string> extends Context<Input> {
  /** For all requests to the service and for the login: with the runner's proxies and authorities. */
  readonly fetch: Fetch;
  /** An identity token of this run for an audience; masked. */
  identityToken(audience: string): Promise<string>;
}

/** A service that keeps keys, and what the inputs say about one of them. */
export interface KeyService<Input extends string> {
  /** The input that names the key; with it, the service is chosen. */
  readonly key: Input;
  readonly inputs: readonly Input[];
  open(context: KeyContext<Input | 'oidc-audience' | 'certificate-chain'>): Promise<Signer>;
}
