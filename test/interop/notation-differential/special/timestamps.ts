import { concatBytes, utf8 } from '@notarykit/common';
import {
  encodeContext,
  encodeContextPrimitive,
  encodeElement,
  encodeInteger,
  encodeNull,
  encodeOid,
  encodeSequence,
} from '@notarykit/pki/internal/asn1';
import { buildTimestampToken, type ExtensionSpec, type Issued, type TokenOptions } from '@notarykit/testing';
import { parseOne, writeDer } from '../../../forge/der-tree.js';
import { forgeJws } from '../../../forge/jws.js';
import { type Case, jwsType, policyOf } from '../case.js';
import { type Foundry, withToken } from '../mutants/foundry.js';

const genTime = new Date('2025-06-01T00:00:00Z');
const critical = (oid: string, value: Uint8Array, isCritical = true): ExtensionSpec => ({
  oid,
  critical: isCritical,
  value,
});

/** Other tokens of the usual signer. */
const tokens: Readonly<Record<string, Partial<TokenOptions>>> = {
  plain: {},
  'accuracy of two days': { accuracy: { seconds: 172_800 } },
  'accuracy of 1,000 milliseconds': { accuracy: { millis: 1000 } },
  'critical extension of the TSTInfo': { extensions: [critical('1.2.3.4', encodeNull())] },
  'extension of the TSTInfo': { extensions: [critical('1.2.3.4', encodeNull(), false)] },
  'signed attribute twice': { signedAttributes: (list) => [...list, list[2] as (typeof list)[number]] },
  'two signers': { signerInfos: 2 },
  'in an hour': { genTime: new Date(Date.now() + 3_600_000) },
  'fraction of a second': { fraction: '5' },
  'SHA-512': { imprintHash: 'sha512' },
  'no certificate attribute': { signingCertificateAttribute: 'none' },
  'version 2': { version: 2 },
  'large bag': {},
};

const constraints = (...names: readonly Uint8Array[]): Uint8Array =>
  encodeSequence(encodeContext(0, ...names.map((name) => encodeSequence(name))));
const directory = (...attributes: readonly (readonly [string, number, string])[]): Uint8Array =>
  encodeContext(
    4,
    encodeSequence(
      ...attributes.map(([oid, tag, value]) =>
        encodeElement(0x31, encodeSequence(encodeOid(oid), encodeElement(tag, utf8(value)))),
      ),
    ),
  );
const ours = directory(['2.5.4.6', 0x13, 'US'], ['2.5.4.8', 0x0c, 'WA']);
const foreign = directory(['2.5.4.6', 0x13, 'DE']);
const registered = encodeContextPrimitive(8, Uint8Array.of(0x2a, 3));
const names = (...list: readonly Uint8Array[]): Uint8Array => encodeSequence(...list);

const policies = critical('2.5.29.32', encodeSequence(encodeSequence(encodeOid('1.2.3.4'))), false);

/** Extensions of the authority, and of the signer below it. */
const paths: Readonly<Record<string, readonly [readonly ExtensionSpec[], readonly ExtensionSpec[]]>> = {
  'authority that demands policies': [
    [critical('2.5.29.36', encodeSequence(encodeContextPrimitive(0, Uint8Array.of(0))))],
    [],
  ],
  'authority that inhibits any policy': [[critical('2.5.29.54', encodeInteger(0))], []],
  'authority that demands policies, which all have': [
    [critical('2.5.29.36', encodeSequence(encodeContextPrimitive(0, Uint8Array.of(0)))), policies],
    [policies],
  ],
  'within directory names': [[critical('2.5.29.30', constraints(ours))], []],
  'outside of directory names': [[critical('2.5.29.30', constraints(foreign))], []],
  'outside of directory names, not critical': [[critical('2.5.29.30', constraints(foreign), false)], []],
  'constraint on registered names': [[critical('2.5.29.30', constraints(registered))], []],
  'constraint on registered names, and one': [
    [critical('2.5.29.30', constraints(registered))],
    [critical('2.5.29.17', names(registered), false)],
  ],
  'critical registered name': [[], [critical('2.5.29.17', names(registered))]],
  'critical directory name': [[], [critical('2.5.29.17', names(ours))]],
  'malformed key identifier': [[], [critical('2.5.29.14', Uint8Array.of(0, 0), false)]],
  'malformed authority information': [[], [critical('1.3.6.1.5.5.7.1.1', encodeNull(), false)]],
  'critical authority information': [[], [critical('1.3.6.1.5.5.7.1.1', encodeSequence(), true)]],
};

/** The cases of timestamps, each by itself; the signer's certificate has ended. */
export async function timestampCases(foundry: Foundry): Promise<Case[]> {
  const { tsa, stamped } = foundry;
  const cases: Case[] = [];
  const policy = policyOf('mutants', { trustStores: ['ca:mutants', 'tsa:mutants'] });
  const add = async (
    name: string,
    options: Partial<TokenOptions>,
    change = (token: Uint8Array): Uint8Array => token,
  ): Promise<void> => {
    const token = await buildTimestampToken(signatureOf(foundry), { signer: tsa, genTime, ...options });
    const envelope = { name, bytes: withToken(stamped, change(token)), mediaType: jwsType };
    cases.push({ kind: 'timestamps', name, policy, envelope, rows: ['the last second'] });
  };
  for (const [name, options] of Object.entries(tokens))
    await add(name, name === 'large bag' ? { certificates: largeBag(tsa) } : options);
  for (const [name, [above, own]] of Object.entries(paths))
    await add(name, { signer: await signerBelow(foundry, above, own) });
  await addAhead(foundry, cases);
  await add('last second of the certificate', {
    genTime: new Date('2026-01-01T00:00:00Z'),
    fraction: '5',
    accuracy: null,
  });
  await add('indefinite length', {}, (token) => writeDer({ ...parseOne(token), length: 'indefinite' }));
  await add('content in pieces', {}, inPieces);
  await add('byte after the token', {}, (token) => concatBytes([token, Uint8Array.of(0)]));
  return cases;
}

/** Over a signature whose certificate has not ended: what a stamp of the future changes is the time alone. */
async function addAhead({ leaf, tsa }: Foundry, cases: Case[]): Promise<void> {
  const policy = policyOf('mutants', { trustStores: ['ca:mutants', 'tsa:mutants'] });
  const stamps = { 'an hour ago': -60, 'in two minutes': 2, 'in an hour': 60 };
  const { header, ...members } = JSON.parse(new TextDecoder().decode(await forgeJws(leaf))) as {
    header: object;
    signature: string;
  };
  const signature = Uint8Array.from(Buffer.from(members.signature, 'base64url'));
  for (const [name, minutes] of Object.entries(stamps)) {
    const stamped = new Date(Date.now() + minutes * 60_000);
    const token = await buildTimestampToken(signature, { signer: tsa, genTime: stamped });
    const bytes = withToken({ header, members, token }, token);
    cases.push({ kind: 'timestamps', name: `made ${name}`, policy, envelope: { name, bytes, mediaType: jwsType } });
  }
}

function signatureOf({ stamped }: Foundry): Uint8Array {
  return Uint8Array.from(Buffer.from(String(stamped.members['signature']), 'base64url'));
}

async function signerBelow(
  { lab }: Foundry,
  above: readonly ExtensionSpec[],
  own: readonly ExtensionSpec[],
): Promise<Issued> {
  const exchanged = (list: readonly ExtensionSpec[], more: readonly ExtensionSpec[]): readonly ExtensionSpec[] => [
    ...list.filter(({ oid }) => more.every((one) => one.oid !== oid)),
    ...more,
  ];
  const issuer = await lab.issueCa({ issuer: lab.root, extensions: (list) => exchanged(list, above) });
  return lab.issueTimestamping({ issuer, extensions: (list) => exchanged(list, own) });
}

/** More certificates than a token needs, of more bytes than are read. */
function largeBag({ chain }: Issued): readonly Uint8Array[] {
  return [
    ...chain.slice(0, -1),
    ...Array.from({ length: 18 }, () => encodeSequence(encodeElement(0x04, new Uint8Array(16_000)))),
  ];
}

/** The TSTInfo as an OCTET STRING of two pieces. */
function inPieces(token: Uint8Array): Uint8Array {
  const root = parseOne(token);
  const explicit = root.children?.[1]?.children?.[0]?.children?.[2]?.children?.[1];
  const octets = explicit?.children?.[0];
  if (explicit?.children === undefined || octets === undefined) throw new Error('no content');
  const { content } = octets;
  const pieces = [content.slice(0, 10), content.slice(10)].map((piece) => ({ tag: 0x04, content: piece }));
  explicit.children[0] = { tag: 0x24, content, children: pieces };
  return writeDer(root);
}
