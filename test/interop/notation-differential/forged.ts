import { concatBytes, encodeBase64, utf8 } from '@notarykit/common';
import { encodeContext, encodeContextPrimitive, encodeNull, encodeSequence } from '@notarykit/pki/internal/asn1';
import { type Authority, buildTimestampToken, type ExtensionSpec, type Issued } from '@notarykit/testing';
import { array, bytes, float, int, map, single, text } from '../../forge/cbor.js';
import { type CoseChanges, forgeCose } from '../../forge/cose.js';
import { forgeJws, goodPayload, type JwsChanges } from '../../forge/jws.js';
import { coseType, type Envelope, jwsType } from './case.js';

type Entry = readonly [Uint8Array, Uint8Array];

const cty = text('application/vnd.cncf.notary.payload.v1+json');
const scheme = text('io.cncf.notary.signingScheme');
const inProtected = (name: string, entry: Entry): CoseChanges => ({ protected: (e) => ({ ...e, [name]: entry }) });
const inUnprotected = (entry: Entry): CoseChanges => ({ unprotected: (e) => ({ ...e, more: entry }) });
const one = bytes(Uint8Array.of(1));
const wide = concatBytes([Uint8Array.of(0x1b), new Uint8Array(8).fill(0xff)]);
const countersignature = array(bytes(new Uint8Array(0)), map(), one);

/** Messages of COSE that no writer makes, and those beside them that hold. */
const messages: Readonly<Record<string, CoseChanges>> = {
  'alg as double': inProtected('alg', [int(1), float(-7)]),
  'alg as single': inProtected('alg', [int(1), single(-7)]),
  'label of alg as double': inProtected('alg', [float(1), int(-7)]),
  'label of crit as double': inProtected('crit', [float(2), array(scheme)]),
  'label of the content type as single': inProtected('cty', [single(3), cty]),
  'label of an attribute as double': inProtected('x', [float(40), int(1)]),
  'key id as integer': inUnprotected([int(4), int(1)]),
  'key id': inUnprotected([int(4), one]),
  'protected key id as text': inProtected('x', [int(4), text('k')]),
  'IV as text': inUnprotected([int(5), text('x')]),
  'countersignature as integer': inUnprotected([int(7), int(1)]),
  countersignature: inUnprotected([int(7), countersignature]),
  'countersignatures of version 2': inUnprotected([int(11), array(countersignature, countersignature)]),
  'protected countersignature': inProtected('x', [int(7), countersignature]),
  'countersignature 0 as text': inUnprotected([int(9), text('x')]),
  'type without a slash': inUnprotected([int(16), text('x')]),
  'type as number': inUnprotected([int(16), int(50)]),
  'integer of 64 bits without sign': inUnprotected([text('x'), wide]),
  'the same in a list': inUnprotected([text('x'), array(wide)]),
};

const withMember = (member: string): string => goodPayload.replace('"size":3', `"size":3,${member}`);
const members = [
  '"urls":"https://x.test"',
  '"urls":[1]',
  '"urls":["https://x.test"]',
  '"data":5',
  '"data":"not base64!"',
  '"data":"eA=="',
  '"artifactType":5',
  '"artifactType":null',
  '"platform":"linux"',
  '"platform":{"os":1}',
  '"platform":{"os.features":"x"}',
  '"platform":{"os":"linux","architecture":"arm64"}',
];

/** Envelopes that are signed well, and hold what one of the two readers might overlook. */
export async function forgedEnvelopes(authority: Authority): Promise<Envelope[]> {
  const leaf = await authority.issueLeaf();
  const envelopes: Envelope[] = [];
  for (const [name, changes] of Object.entries(messages))
    envelopes.push({ name: `forged: ${name}`, bytes: await forgeCose(leaf, changes), mediaType: coseType });
  const jws = async (name: string, changes: JwsChanges): Promise<void> => {
    envelopes.push({ name: `forged: ${name}`, bytes: await forgeJws(leaf, changes), mediaType: jwsType });
  };
  for (const member of members) await jws(`payload with ${member}`, { payload: withMember(member) });
  const year = '0001-01-01T00:00:00Z';
  await jws('signing time of the year 1', { protected: (h) => ({ ...h, 'io.cncf.notary.signingTime': year }) });
  return [...envelopes, ...(await stampedBy(authority))];
}

const spec = (oid: string, value: Uint8Array, critical: boolean): ExtensionSpec => ({ oid, critical, value });
const dns = (name: string): Uint8Array => encodeContextPrimitive(2, utf8(name));
const permitted = (critical: boolean): ExtensionSpec =>
  spec('2.5.29.30', encodeSequence(encodeContext(0, encodeSequence(dns('good.test')))), critical);
const named = (name: string): ExtensionSpec => spec('2.5.29.17', encodeSequence(dns(name)), false);
const unknown = (critical: boolean): ExtensionSpec => spec('1.3.6.1.4.1.99999.1', encodeNull(), critical);

/** Extensions of an authority and of the signer of a timestamp below it. */
const paths: Readonly<Record<string, readonly [readonly ExtensionSpec[], readonly ExtensionSpec[]]>> = {
  'unknown critical extension of the signer': [[], [unknown(true)]],
  'unknown critical extension of the authority': [[unknown(true)], []],
  'unknown extensions': [[unknown(false)], [unknown(false)]],
  'name outside of constraints': [[permitted(true)], [named('evil.test')]],
  'name outside of constraints that are not critical': [[permitted(false)], [named('evil.test')]],
  'name within constraints': [[permitted(true)], [named('tsa.good.test')]],
};

/** Signatures of an ended certificate, with timestamps of authorities whose path has one more extension. */
async function stampedBy(authority: Authority): Promise<Envelope[]> {
  const ended: Issued = await authority.issueLeaf({ notAfter: new Date('2026-01-01T00:00:00Z') });
  const envelopes: Envelope[] = [];
  for (const [name, [above, own]] of Object.entries(paths)) {
    const issuer = await authority.issueCa({ extensions: (list) => [...list, ...above] });
    const signer = await authority.issueTimestamping({
      issuer,
      extensions: (list) => [...list.filter(({ oid }) => own.every((extension) => extension.oid !== oid)), ...own],
    });
    const bytesOf = await forgeJws(ended);
    const document = JSON.parse(new TextDecoder().decode(bytesOf)) as { header: object; signature: string };
    const signature = Uint8Array.from(Buffer.from(document.signature, 'base64url'));
    const token = await buildTimestampToken(signature, { signer, genTime: new Date('2025-06-01T00:00:00Z') });
    const header = { ...document.header, 'io.cncf.notary.timestampSignature': encodeBase64(token) };
    const stamped = utf8(JSON.stringify({ ...document, header }));
    envelopes.push({ name: `timestamp: ${name}`, bytes: stamped, mediaType: jwsType });
  }
  return envelopes;
}
