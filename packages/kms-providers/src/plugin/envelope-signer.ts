import {
  defined,
  encodeBase64,
  isJsonObject,
  type JsonObject,
  quote,
  withoutSecrets,
} from '@notarykit/common/internal';
import type {
  EnvelopeSigner,
  EnvelopeSignRequest,
  EnvelopeSignResult,
  Signer,
} from '@notarykit/signature-envelope/internal';
import type { PluginSignerOptions } from './options.js';
import { pluginSigner } from './raw-signer.js';
import { openSession, type PluginSession } from './session.js';

/**
 * A signer over a plugin of `notation` that makes whole envelopes (`SIGNATURE_GENERATOR.ENVELOPE`): `generate-envelope`.
 * `signEnvelope` holds the envelope to what was asked, as `notation` does: format, integrity, chain, expiry, and a payload that
 * may have more annotations but nothing else that is new.
 *
 * @throws {SignerError} as {@link pluginSigner}
 *
 * @example
 * ```ts
 * const signer = pluginEnvelopeSigner({ name: 'com.amazonaws.signer.notation.plugin', keyId: profileArn, inheritEnv: ['AWS_PROFILE'] });
 * ```
 */
export function pluginEnvelopeSigner(options: PluginSignerOptions): EnvelopeSigner {
  const session = openSession(options);
  return {
    signEnvelope: (request) => withoutSecrets(session.secrets, () => signWhole(session, request)),
  };
}

async function signWhole(
  session: PluginSession,
  { payload, payloadType, envelopeType, expirySeconds, signal }: EnvelopeSignRequest,
): Promise<EnvelopeSignResult> {
  signal?.throwIfAborted();
  const request = {
    payloadType,
    signatureEnvelopeType: envelopeType,
    payload: encodeBase64(payload),
    ...defined({ expiryDurationInSeconds: expirySeconds }),
  };
  const call = defined({ signal });
  await session.require('SIGNATURE_GENERATOR.ENVELOPE', call);
  const answer = await session.ask('generate-envelope', request, call);
  if (answer['signatureEnvelopeType'] !== envelopeType)
    throw session.error(`expected an envelope of ${envelopeType}, found ${quote(answer['signatureEnvelopeType'])}`);
  return { envelope: session.bytes(answer, 'signatureEnvelope'), ...readAnnotations(session, answer) };
}

function readAnnotations(
  session: PluginSession,
  answer: JsonObject,
): { annotations?: Readonly<Record<string, string>> } {
  const annotations = answer['annotations'] ?? undefined;
  if (annotations === undefined) return {};
  if (!isJsonObject(annotations)) throw session.error('expected annotations to be an object');
  const entries = Object.entries(annotations).map(([key, value]) => {
    if (typeof value !== 'string') throw session.error(`expected annotation ${quote(key)} to be a string`);
    return [key, value] as const;
  });
  return { annotations: Object.fromEntries(entries) };
}

/**
 * The signer that a plugin is made for: it is asked for its capabilities, and raw signatures are preferred to whole envelopes,
 * as `notation` does.
 *
 * @throws {SignerError} as {@link pluginSigner}
 */
export async function openPluginSigner(options: PluginSignerOptions): Promise<Signer | EnvelopeSigner> {
  const session = openSession(options);
  const { capabilities } = await session.metadata({});
  if (capabilities.includes('SIGNATURE_GENERATOR.RAW')) return pluginSigner(options);
  if (capabilities.includes('SIGNATURE_GENERATOR.ENVELOPE')) return pluginEnvelopeSigner(options);
  throw session.error(`it does not sign: its capabilities are ${quote(capabilities.join(', '))}`);
}
