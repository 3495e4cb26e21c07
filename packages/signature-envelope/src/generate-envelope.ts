import { type Bytes, isJsonObject, parseJson, quote } from '@notarykit/common';
import type { EncodeEnvelopeOptions } from './assemble.js';
import { authorityRules, checkCodeSigningChain } from './certificate-requirements/chain.js';
import { decodeEnvelope } from './decode.js';
import { envelopeMediaTypes, type TargetArtifact, type VerifiedEnvelope } from './envelope.js';
import { SignerError } from './errors.js';
import { verifyIntegrity } from './integrity.js';
import { decodePayload, payloadMediaType } from './payload.js';
import type { EnvelopeSigner } from './signer.js';

/** What an envelope-making signer gave, checked. */
export interface GeneratedEnvelope {
  readonly envelope: Bytes;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Members of a descriptor that a signer may add; anything else in the payload was not asked for. */
const descriptorMembers = ['mediaType', 'digest', 'size', 'urls', 'annotations', 'data', 'platform', 'artifactType'];

/**
 * Asks an envelope-making signer and holds it to what was asked: format, integrity, chain, payload and expiry.
 *
 * @throws {SignerError} reason `plugin`
 */
export async function generateEnvelope(
  signer: EnvelopeSigner,
  payload: Bytes,
  options: EncodeEnvelopeOptions,
): Promise<GeneratedEnvelope> {
  refuseForeign(options);
  const { now, expiry, signal } = options;
  const result = await signer.signEnvelope({
    payload,
    payloadType: payloadMediaType,
    envelopeType: envelopeMediaTypes[options.format],
    ...(expiry === undefined ? {} : { expirySeconds: Math.floor((expiry.getTime() - now.getTime()) / 1000) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const envelope = new Uint8Array(result.envelope);
  try {
    await checkEnvelope(envelope, payload, options);
  } catch (cause) {
    throw new SignerError(
      `the signer made an envelope that was not asked for: ${(cause as Error).message}`,
      { reason: 'plugin' },
      { cause },
    );
  }
  return { envelope, ...(result.annotations === undefined ? {} : { annotations: result.annotations }) };
}

/** The service writes the signed attributes itself: what it cannot be told must not look as if it were done. */
function refuseForeign(options: EncodeEnvelopeOptions): void {
  const names = [
    'scheme',
    'extendedAttributes',
    'verificationPlugin',
    'verificationPluginMinVersion',
    'signingAgent',
  ] as const;
  const given = names.find((name) => options[name] !== undefined);
  if (given !== undefined)
    throw new SignerError(`a signer that makes whole envelopes decides "${given}" itself`, { reason: 'plugin' });
}

async function checkEnvelope(envelope: Bytes, payload: Bytes, options: EncodeEnvelopeOptions): Promise<void> {
  const verified = await verifyIntegrity(decodeEnvelope(envelope, envelopeMediaTypes[options.format]), {
    now: options.now,
    ...authorityRules(options),
  });
  await checkCodeSigningChain(verified.certificateChain, { at: options.now, ...authorityRules(options) });
  checkPayloadMembers(verified.payload);
  checkTarget(decodePayload(payload), verified.targetArtifact);
  checkExpiry(verified, options);
}

function checkPayloadMembers(payload: Bytes): void {
  const document = parseJson(payload, { maxDepth: 32 });
  if (!isJsonObject(document)) return;
  const target = document['targetArtifact'];
  const extra =
    Object.keys(document).find((name) => name !== 'targetArtifact') ??
    (isJsonObject(target) ? Object.keys(target).find((name) => !descriptorMembers.includes(name)) : undefined);
  if (extra !== undefined) throw new Error(`its payload has the unknown member ${quote(extra)}`);
}

function checkTarget(asked: TargetArtifact, found: TargetArtifact): void {
  for (const name of ['mediaType', 'digest', 'size'] as const) {
    if (asked[name] !== found[name])
      throw new Error(`its payload's ${name} is ${quote(found[name])}, asked was ${quote(asked[name])}`);
  }
  for (const [key, value] of Object.entries(asked.annotations ?? {})) {
    if (found.annotations?.[key] !== value) throw new Error(`its payload lacks the annotation ${quote(key)}`);
  }
}

function checkExpiry(verified: VerifiedEnvelope, options: EncodeEnvelopeOptions): void {
  if (options.expiry === undefined) return;
  const { expiry, signingTime, authenticSigningTime } = verified.signedAttributes;
  const from = signingTime ?? authenticSigningTime;
  const asked = Math.floor((options.expiry.getTime() - options.now.getTime()) / 1000);
  const found = expiry === undefined || from === undefined ? undefined : (expiry.getTime() - from.getTime()) / 1000;
  if (found !== asked) throw new Error(`it expires after ${found ?? 'no'} seconds, asked was ${asked}`);
}
