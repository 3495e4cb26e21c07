import { constants, createPrivateKey, sign } from 'node:crypto';
import { utf8 } from '@notarykit/common';
import { array, int, map, nil, tag, text } from '../../../forge/cbor.js';
import { type CoseChanges, forgeCose, notary } from '../../../forge/cose.js';
import { forgeJws, goodPayload, type JwsChanges } from '../../../forge/jws.js';
import { type Case, coseType, jwsType, policyOf, target } from '../case.js';
import type { Foundry } from '../mutants/foundry.js';

type Header = Record<string, unknown>;
const short = 'io.cncf.notary';
const header = (more: Header): JwsChanges => ({ protected: (given) => ({ ...given, ...more }) });
const critical = (...names: readonly string[]): readonly string[] => [`${short}.signingScheme`, ...names];
const authentic = (time: unknown): JwsChanges => ({
  protected: (given) => ({
    ...given,
    [`${short}.signingTime`]: undefined,
    [`${short}.signingScheme`]: 'notary.x509.signingAuthority',
    [`${short}.authenticSigningTime`]: time,
    crit: critical(`${short}.authenticSigningTime`),
  }),
});
const signatureText = (change: (text: string) => string): JwsChanges => ({
  members: (members) => ({ ...members, signature: change(String(members['signature'])) }),
});
/** The same bits, and one more that nobody should write: the last character of 64 bytes holds four unused bits. */
const unusedBit = (given: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return given.slice(0, -1) + alphabet[alphabet.indexOf(given.slice(-1)) | 1];
};
const inAnHour = (): string => `${new Date(Date.now() + 3_600_000).toISOString().slice(0, 19)}Z`;
const payloadWith = (member: string): JwsChanges => ({ payload: goodPayload.replace(/\}$/, `,${member}}`) });

const jws: Readonly<Record<string, JwsChanges>> = {
  'critical attribute that nobody understands': header({ x: 1, crit: critical('x') }),
  'crit lists an attribute twice': header({ x: 1, crit: critical('x', 'x') }),
  'crit lists alg': header({ crit: critical('alg') }),
  'b64 false': header({ b64: false, crit: critical('b64') }),
  'signature with a line break': signatureText((given) => `${given}\n`),
  'signature with an unused bit': signatureText(unusedBit),
  'another member': { members: (members) => ({ ...members, more: 1 }) },
  'expiry of the year 1, not critical': header({ [`${short}.expiry`]: '0001-01-01T00:00:00Z' }),
  'expiry null': header({ [`${short}.expiry`]: null }),
  'authentic time null': header({ [`${short}.authenticSigningTime`]: null }),
  'authentic time of the other scheme': header({
    [`${short}.authenticSigningTime`]: '2025-01-01T00:00:00Z',
    crit: critical(`${short}.authenticSigningTime`),
  }),
  'timestamp null': { header: (given) => ({ ...given, [`${short}.timestampSignature`]: null }) },
  'timestamp as a list of numbers': { header: (given) => ({ ...given, [`${short}.timestampSignature`]: [1] }) },
  'authentic time in an hour': authentic(inAnHour()),
  'authentic time': authentic('2025-06-01T00:00:00Z'),
  'signing time of 1969': header({ [`${short}.signingTime`]: '1969-12-31T23:59:59Z' }),
  'signing time with a small t': header({ [`${short}.signingTime`]: '2025-01-01t00:00:00z' }),
  'signing time on February 30': header({ [`${short}.signingTime`]: '2025-02-30T00:00:00Z' }),
  'verification plugin, not critical': header({ [`${short}.verificationPlugin`]: 'p' }),
  'more attributes than are read': header(Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`x${i}`, i]))),
  'member name in upper case': { payload: goodPayload.replace('"size"', '"Size"') },
  'member twice': { payload: goodPayload.replace('"size":3', '"size":4,"size":3') },
  'fraction in a member that nothing uses': payloadWith('"more":1.5'),
  'negative number in a member that nothing uses': payloadWith('"more":-1'),
  'annotation that is null': { payload: goodPayload.replace('"size":3', '"size":3,"annotations":{"a":null}') },
  'annotations that are null': { payload: goodPayload.replace('"size":3', '"size":3,"annotations":null') },
  'half a character': payloadWith('"more":"\\ud800"'),
  'platform in upper case': { payload: goodPayload.replace('"size":3', '"size":3,"platform":{"OS":"linux"}') },
  'data with line breaks': { payload: goodPayload.replace('"size":3', '"size":3,"data":"eA==\\n"') },
  'large envelope': payloadWith(`"more":"${'x'.repeat(4_000_000)}"`),
  'deep payload': payloadWith(`"more":${'['.repeat(40)}${']'.repeat(40)}`),
};

const cose: Readonly<Record<string, CoseChanges>> = {
  'label 3 in the longer form': {
    protected: ({ cty, ...rest }) => ({ ...rest, cty: [int(3, 2), (cty as [Uint8Array, Uint8Array])[1]] }),
  },
  'CWT claims': attribute(int(15), map([int(4), int(1)])),
  'attribute with tag 1': attribute(text('x'), tag(1, int(0))),
  'critical label 40': {
    protected: (given) => ({
      ...given,
      crit: [int(2), array(text(`${short}.signingScheme`), int(40))],
      x: [int(40), int(1)],
    }),
  },
  'critical attribute that nobody understands': {
    protected: (given) => ({
      ...given,
      crit: [int(2), array(text(`${short}.signingScheme`), text('x'))],
      x: [text('x'), int(1)],
    }),
  },
  'key id in both headers': {
    protected: (given) => ({ ...given, x: [int(4), Uint8Array.of(0x41, 1)] }),
    unprotected: (given) => ({ ...given, x: [int(4), Uint8Array.of(0x41, 1)] }),
  },
  'signing time of the year 10000': {
    protected: (given) => ({ ...given, signingTime: notary('signingTime', tag(1, int(253_402_300_800))) }),
  },
  'timestamp null': { unprotected: (given) => ({ ...given, x: notary('timestampSignature', nil) }) },
};

function attribute(key: Uint8Array, value: Uint8Array): CoseChanges {
  return { protected: (given) => ({ ...given, x: [key, value] }) };
}

/** Digests as payload and target have them. */
const digests = {
  'digest in upper case': `sha256:${'A'.repeat(64)}`,
  'digest by blake3': `blake3:${'a'.repeat(64)}`,
  'digest by SHA-512': `sha512:${'a'.repeat(128)}`,
};

/** The cases of envelopes, each by itself. */
export async function envelopeCases({ leaf, rsaLeaf }: Foundry): Promise<Case[]> {
  const cases: Case[] = [];
  const add = (name: string, bytes: Uint8Array, mediaType: string, more: Partial<Case> = {}): void => {
    cases.push({ kind: 'envelopes', name, policy: policyOf('mutants'), envelope: { name, bytes, mediaType }, ...more });
  };
  for (const [name, changes] of Object.entries(jws)) add(`${name}, JWS`, await forgeJws(leaf, changes), jwsType);
  for (const [name, changes] of Object.entries(cose)) add(`${name}, COSE`, await forgeCose(leaf, changes), coseType);
  for (const [name, digest] of Object.entries(digests)) {
    const bytes = await forgeJws(leaf, { payload: goodPayload.replace(target.digest, digest) });
    add(name, bytes, jwsType, { target: { ...target, digest: digest as typeof target.digest } });
  }
  for (const saltLength of [20, 32, 222])
    add(`salt of ${saltLength}`, await salted(rsaLeaf, saltLength), jwsType, { rows: ['salt of RSASSA-PSS'] });
  return cases;
}

/** A JWS by RSASSA-PSS with a salt of any length. */
async function salted(leaf: Foundry['rsaLeaf'], saltLength: number): Promise<Uint8Array> {
  const document = JSON.parse(new TextDecoder().decode(await forgeJws(leaf))) as Record<string, string>;
  const key = { key: createPrivateKey(leaf.privateKeyPem), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  const signature = sign('sha256', utf8(`${document['protected']}.${document['payload']}`), key);
  return utf8(JSON.stringify({ ...document, signature: signature.toString('base64url') }));
}
