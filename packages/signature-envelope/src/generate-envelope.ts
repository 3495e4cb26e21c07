import {
  type Bytes,
  copyBytes,
  defined,
  describeKind,
  isJsonObject,
  parseJson,
  quote,
  requireBytes,
} from '@notarykit/common/internal';
import type { EncodeEnvelopeOptions } from './assemble.js';
import { authorityRules, checkCodeSigningChain } from './certificate-requirements/chain.js';
import { decodeEnvelope } from './decode.js';
import { envelopeMediaTypes, type TargetArtifact, type VerifiedEnvelope } from './envelope.js';
import { SignerError } from './errors.js';
import { verifyIntegrity } from './integrity.js';
import { decodePayload, payloadMediaType } from './payload.js';
import type { EnvelopeSigner, EnvelopeSignResult } from './signer.js';
import { askSigner } from './signers/ask-signer.js';

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
 * @throws {SignerError} reason `plugin`; `unknown` for what the signer throws without a code
 */
export async function generateEnvelope(
  signer: EnvelopeSigner,
  payload: Bytes,
  options: EncodeEnvelopeOptions,
): Promise<GeneratedEnvelope> {
  refuseUnsupported(options);
  const { now, expiry, signal } = options;
  const request = {
    payload,
    payloadType: payloadMediaType,
    envelopeType: envelopeMediaTypes[options.format],
    ...(expiry === undefined ? {} : { expirySeconds: Math.floor((expiry.getTime() - now.getTime()) / 1000) }),
    ...defined({ signal }),
  };
  // Signed is what was asked, whatever the signer does to its copy.
  const result: unknown = await askSigner(
    async () => await signer.signEnvelope({ ...request, payload: copyBytes(payload) }),
    signal,
  );
  try {
    const made = readMade(result);
    await checkEnvelope(made.envelope, payload, options);
    return made;
  } catch (cause) {
    throw new SignerError(
      `the signer made an envelope that was not asked for: ${(cause as Error).message}`,
      { reason: 'plugin' },
      { cause },
    );
  }
}

/** Signers without types may give anything. The envelope is copied: what was checked is what is written. */
function readMade(result: unknown): GeneratedEnvelope {
  const { envelope, annotations } = (result ?? {}) as Partial<EnvelopeSignResult>;
  const bytes = copyBytes(requireBytes(envelope, 'the envelope'));
  return annotations === undefined ? { envelope: bytes } : { envelope: bytes, annotations: readTexts(annotations) };
}

function readTexts(annotations: unknown): Readonly<Record<string, string>> {
  if (typeof annotations !== 'object' || annotations === null || Array.isArray(annotations))
    throw new Error(`expected annotations as an object, found ${describeKind(annotations)}`);
  const entries = Object.entries(annotations);
  const wrong = entries.find(([, value]) => typeof value !== 'string');
  if (wrong === undefined) return Object.fromEntries(entries) as Record<string, string>;
  throw new Error(`expected a text as its annotation ${quote(wrong[0])}, found ${describeKind(wrong[1])}`);
}

/** The service writes the signed attributes itself: what cannot be passed to it must be refused, not silently dropped. */
function refuseUnsupported(options: EncodeEnvelopeOptions): void {
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
      throw new Error(`its payload's ${name} is ${quote(found[name])}, but ${quote(asked[name])} was requested`);
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
  if (found !== asked) throw new Error(`it expires after ${found ?? 'no'} seconds, but ${asked} was requested`);
}
