import { type Bytes, defined } from '@notarykit/common/internal';
import { algorithmOf } from './algorithms.js';
import { checkAttributeKey, checkExpiry, signedNames } from './attributes.js';
import { authorityRules } from './certificate-requirements/chain.js';
import { codecOf } from './codec.js';
import type { EnvelopeFormat, SignedAttributes } from './envelope.js';
import { unexpected } from './failures.js';
import { payloadMediaType } from './payload.js';
import type { SignEnvelopeOptions } from './sign-options.js';
import type { Signer } from './signer.js';
import { checkedSigner } from './signers/checked-signer.js';
import { defaultSigningAgent } from './version.js';

/** Options with the ones filled in that have a default. */
export interface EncodeEnvelopeOptions extends SignEnvelopeOptions {
  readonly format: EnvelopeFormat;
  /** Whole seconds. */
  readonly now: Date;
}

/** Builds the header, asks the signer, and puts the envelope together. */
export async function encodeEnvelope(signer: Signer, payload: Bytes, options: EncodeEnvelopeOptions): Promise<Bytes> {
  const call = defined({ signal: options.signal });
  const attributes = signedAttributes(options);
  const checked = checkedSigner(signer, { now: options.now, ...authorityRules(options) });
  const { keySpec } = await checked.describe(call);
  const codec = codecOf(options.format);
  const protectedHeader = codec.encodeProtectedHeader(attributes, algorithmOf(keySpec));
  const { signature, certificateChain } = await checked.sign({
    payload: codec.signedBytes(protectedHeader, payload),
    keySpec,
    ...call,
  });
  const unsignedAttributes = { signingAgent: options.signingAgent ?? defaultSigningAgent };
  return codec.encode({ protectedHeader, payload, signature, certificateChain, unsignedAttributes });
}

function signedAttributes(options: EncodeEnvelopeOptions): SignedAttributes {
  const { now, scheme = 'notary.x509', extendedAttributes = [] } = options;
  const expiry = options.expiry === undefined ? undefined : checkTime(options.expiry, 'expiry');
  if (expiry !== undefined) checkExpiry(now, expiry);
  checkExtended(extendedAttributes);
  return {
    contentType: payloadMediaType,
    signingScheme: scheme,
    ...(scheme === 'notary.x509'
      ? { signingTime: checkTime(now, 'now') }
      : { authenticSigningTime: checkTime(now, 'now') }),
    ...defined({ expiry }),
    ...plugin(options),
    extended: extendedAttributes,
  };
}

function checkTime(time: Date, where: string): Date {
  const milliseconds = time.getTime();
  if (!(milliseconds >= 0 && milliseconds < 253_402_300_800_000))
    throw unexpected(where, 'a time from 1970 to 9999', String(milliseconds), 'ERR_ENVELOPE_TIME');
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

function checkExtended(extended: SignedAttributes['extended']): void {
  const taken = new Set<string | number>([...Object.values(signedNames), 'alg', 'cty', 'crit', 'b64', 1, 2, 3]);
  for (const { key } of extended) {
    checkAttributeKey(key);
    if (taken.has(key)) throw unexpected('extended attribute', 'a name that is free', key);
    taken.add(key);
  }
}

function plugin(
  options: SignEnvelopeOptions,
): Pick<SignedAttributes, 'verificationPlugin' | 'verificationPluginMinVersion'> {
  const { verificationPlugin, verificationPluginMinVersion } = options;
  return {
    ...defined({ verificationPlugin, verificationPluginMinVersion }),
  };
}
