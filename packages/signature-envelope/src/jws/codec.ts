import {
  type Bytes,
  concatBytes,
  encodeBase64,
  encodeBase64Url,
  isJsonObject,
  parseJson,
  utf8,
} from '@notarykit/common/internal';
import { unsignedNames } from '../attributes.js';
import type { EnvelopeCodec, EnvelopeParts } from '../envelope-codec.js';
import { encodeProtectedHeader } from './protected-header.js';

/** The flattened JSON serialisation of RFC 7515, 7.2.2, as signature-envelope-jws.md narrows it. */
export const jwsCodec: EnvelopeCodec = {
  format: 'jws',
  encodeProtectedHeader,
  signedBytes,
  encode,
  addTimestamp,
};

const dot = Uint8Array.of(0x2e);

function signedBytes(protectedHeader: Bytes, payload: Bytes): Bytes {
  return concatBytes([utf8(encodeBase64Url(protectedHeader)), dot, utf8(encodeBase64Url(payload))]);
}

function encode(parts: EnvelopeParts): Bytes {
  const { signingAgent, timestampSignature } = parts.unsignedAttributes;
  const header = {
    ...(timestampSignature === undefined
      ? {}
      : { [unsignedNames.timestampSignature]: encodeBase64(timestampSignature) }),
    x5c: parts.certificateChain.map(encodeBase64),
    ...(signingAgent === undefined ? {} : { [unsignedNames.signingAgent]: signingAgent }),
  };
  const envelope = {
    payload: encodeBase64Url(parts.payload),
    protected: encodeBase64Url(parts.protectedHeader),
    header,
    signature: encodeBase64Url(parts.signature),
  };
  return utf8(JSON.stringify(envelope));
}

function addTimestamp(bytes: Bytes, token: Uint8Array): Bytes {
  const envelope = parseJson(bytes, { maxDepth: 32 });
  const header = isJsonObject(envelope) ? envelope['header'] : undefined;
  if (!isJsonObject(envelope) || !isJsonObject(header)) throw new Error('decoded before');
  return utf8(
    JSON.stringify({
      ...envelope,
      header: { ...header, [unsignedNames.timestampSignature]: encodeBase64(token) },
    }),
  );
}
