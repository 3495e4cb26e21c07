// Signature envelopes that are good but for what they are told to change. What the signature covers is signed after the change,
// so that nothing but the change can be wrong.
import { base64, base64url, bytes } from './bytes.mjs';
import { array, bstr, int, map, tag, text } from './cbor.mjs';
import { signRaw, specs } from './keys.mjs';

export const cty = 'application/vnd.cncf.notary.payload.v1+json';
export const signedAt = '2025-06-01T00:00:00Z';
export const later = '2101-06-01T00:00:00Z';
const epoch = (date) => Math.floor(Date.parse(date) / 1000);
export const ours = (name) => `io.cncf.notary.${name}`;

const textOf = (value) => (typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value));

/** Attributes of a signature, the same for both formats: `scheme`, `signingTime`, `authenticSigningTime`, `expiry`, `plugin`. */
function attributesOf(says) {
  const authority = says.scheme === 'notary.x509.signingAuthority';
  return {
    scheme: says.scheme ?? 'notary.x509',
    ...(authority ? { authenticSigningTime: says.at ?? signedAt } : { signingTime: says.at ?? signedAt }),
    ...(says.expiry === undefined ? {} : { expiry: says.expiry }),
    ...(says.plugin === undefined ? {} : { plugin: says.plugin }),
    ...(says.pluginMinVersion === undefined ? {} : { pluginMinVersion: says.pluginMinVersion }),
  };
}

/** Names that must be critical, in the order of the specification's samples. */
const criticalOf = (a, extended) => [
  ours('signingScheme'),
  ...('authenticSigningTime' in a ? [ours('authenticSigningTime')] : []),
  ...('expiry' in a ? [ours('expiry')] : []),
  ...('plugin' in a ? [ours('verificationPlugin')] : []),
  ...('pluginMinVersion' in a ? [ours('verificationPluginMinVersion')] : []),
  ...Object.entries(extended)
    .filter(([, { critical }]) => critical)
    .map(([name]) => name),
];

/**
 * A JWS. `says`: attributes, and `extended: { name: { value, critical } }`. `change`: functions over the protected header
 * (`protected`), the texts of payload, protected header and signature as they appear in the envelope (`texts`, after signing), the
 * unprotected header (`header`), the signature's bytes (`signature`) and the document (`members`, `document`).
 */
export function jws(signer, payload, says = {}, change = {}) {
  const a = attributesOf(says);
  const extended = says.extended ?? {};
  const header = {
    alg: specs[signer.key.spec].jws,
    cty,
    crit: criticalOf(a, extended),
    [ours('signingScheme')]: a.scheme,
    ...(a.signingTime === undefined ? {} : { [ours('signingTime')]: a.signingTime }),
    ...(a.authenticSigningTime === undefined ? {} : { [ours('authenticSigningTime')]: a.authenticSigningTime }),
    ...(a.expiry === undefined ? {} : { [ours('expiry')]: a.expiry }),
    ...(a.plugin === undefined ? {} : { [ours('verificationPlugin')]: a.plugin }),
    ...(a.pluginMinVersion === undefined ? {} : { [ours('verificationPluginMinVersion')]: a.pluginMinVersion }),
    ...Object.fromEntries(Object.entries(extended).map(([name, { value }]) => [name, value])),
  };
  const protectedText = change.protectedText?.(header) ?? base64url(textOf(change.protected?.(header) ?? header));
  const payloadText = change.payloadText?.(payload) ?? base64url(payload);
  const raw = signRaw(change.signWith ?? signer.key, bytes(`${protectedText}.${payloadText}`), change.signing);
  const signature = change.signature?.(raw, bytes(`${protectedText}.${payloadText}`)) ?? raw;
  const unprotected = {
    x5c: (change.chain ?? signer.chain).map(base64),
    ...(says.agent === undefined ? {} : { [ours('signingAgent')]: says.agent }),
  };
  const stamp = change.timestamp?.(signature);
  if (stamp !== undefined) unprotected[ours('timestampSignature')] = base64(stamp);
  const members = {
    payload: payloadText,
    protected: protectedText,
    header: change.header?.(unprotected) ?? unprotected,
    signature: base64url(signature),
  };
  const document = textOf(change.members?.(members) ?? members);
  return bytes(change.document?.(document) ?? document);
}

/** Encoded header entries by name, which `protected` and `unprotected` of {@link cose} change. */
function entriesOf(signer, says) {
  const a = attributesOf(says);
  const extended = says.extended ?? {};
  const when = (date) => tag(1, int(epoch(date)));
  return {
    alg: [int(1), int(specs[signer.key.spec].cose)],
    crit: [int(2), array(...criticalOf(a, extended).map(text))],
    cty: [int(3), text(cty)],
    ...Object.fromEntries(
      Object.entries(extended).map(([name, { value, cbor }]) => [name, [text(name), cbor ?? text(value)]]),
    ),
    ...(a.expiry === undefined ? {} : { expiry: [text(ours('expiry')), when(a.expiry)] }),
    ...(a.signingTime === undefined ? {} : { signingTime: [text(ours('signingTime')), when(a.signingTime)] }),
    signingScheme: [text(ours('signingScheme')), text(a.scheme)],
    ...(a.plugin === undefined ? {} : { plugin: [text(ours('verificationPlugin')), text(a.plugin)] }),
    ...(a.authenticSigningTime === undefined
      ? {}
      : { authenticSigningTime: [text(ours('authenticSigningTime')), when(a.authenticSigningTime)] }),
    ...(a.pluginMinVersion === undefined
      ? {}
      : { pluginMinVersion: [text(ours('verificationPluginMinVersion')), text(a.pluginMinVersion)] }),
  };
}

const serialise = (header) => (header instanceof Uint8Array ? header : map(...Object.values(header)));

/**
 * A COSE_Sign1. `change`: functions over the protected and unprotected entries (`protected`, `unprotected`: entries, or the whole
 * map encoded), the payload's item (`payloadItem`), the signature's bytes (`signature`), and the message (`message`, of the four
 * encoded elements; `document`, of all bytes).
 */
export function cose(signer, payload, says = {}, change = {}) {
  const entries = entriesOf(signer, says);
  const protectedBytes = serialise(change.protected?.(entries) ?? entries);
  const signedBytes = change.signedPayload ?? payload;
  const toBeSigned =
    change.toBeSigned?.(protectedBytes, signedBytes) ??
    array(text('Signature1'), bstr(protectedBytes), bstr(Buffer.alloc(0)), bstr(signedBytes));
  const raw = signRaw(change.signWith ?? signer.key, toBeSigned, change.signing);
  const signature = change.signature?.(raw, toBeSigned) ?? raw;
  const stamp = change.timestamp?.(signature);
  const unprotected = {
    x5chain: [int(33), array(...(change.chain ?? signer.chain).map(bstr))],
    ...(says.agent === undefined ? {} : { agent: [text(ours('signingAgent')), text(says.agent)] }),
    ...(stamp === undefined ? {} : { timestamp: [text(ours('timestampSignature')), bstr(stamp)] }),
  };
  const elements = [
    bstr(protectedBytes),
    serialise(change.unprotected?.(unprotected) ?? unprotected),
    change.payloadItem ?? bstr(payload),
    bstr(signature),
  ];
  const message = change.message?.(elements) ?? tag(18, array(...elements));
  return bytes(change.document?.(message) ?? message);
}

export const formats = {
  jws: { make: jws, mediaType: 'application/jose+json' },
  cose: { make: cose, mediaType: 'application/cose' },
};
