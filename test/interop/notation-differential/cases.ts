import { encodeBase64, utf8 } from '@notarykit/common';
import type { Descriptor } from '@notarykit/oci';
import { type SignEnvelopeOptions, signEnvelope } from '@notarykit/signature-envelope';
import {
  type Authority,
  buildTimestampToken,
  createAuthority,
  type Issued,
  type TokenOptions,
} from '@notarykit/testing';
import { vectorBytes, vectorJson } from '../../vectors.js';
import { coseType, type Envelope, jwsType, repositoryName, target } from './case.js';
import { forgedEnvelopes } from './forged.js';

/** What one policy statement and the circumstances are. */
export interface Circumstances {
  readonly name: string;
  readonly statement?: Readonly<Record<string, unknown>>;
  readonly revocation?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly reference?: string;
  readonly rows?: readonly string[];
}

/** Makes the signatures that are valid, and those that fail one rule. */
export async function makeEnvelopes(authority: Authority): Promise<Envelope[]> {
  const leaf = await authority.issueLeaf();
  const ended = await authority.issueLeaf({ notAfter: new Date('2024-01-01T00:00:00Z') });
  const future = await authority.issueLeaf({ notBefore: new Date('2100-01-01T00:00:00Z') });
  const authorityScheme = { scheme: 'notary.x509.signingAuthority' } as const;
  const early = new Date('2023-01-01T00:00:00Z');
  const rows: [string, Issued, Partial<SignEnvelopeOptions>, Partial<Descriptor>?][] = [
    ['plain', leaf, {}],
    ['authority', leaf, authorityScheme],
    ['expires', leaf, { expiry: new Date('2110-01-01T00:00:00Z') }],
    ['expired', leaf, { now: early, expiry: new Date('2024-01-01T00:00:00Z') }],
    ['expired authority', leaf, { ...authorityScheme, now: early, expiry: new Date('2024-01-01T00:00:00Z') }],
    ['certificate ended', ended, { now: early }],
    ['certificate ended, expired', ended, { now: early, expiry: new Date('2023-06-01T00:00:00Z') }],
    ['certificate ended, authority', ended, { ...authorityScheme, now: early }],
    ['certificate of the future', future, { now: new Date('2101-01-01T00:00:00Z') }],
    ['metadata', leaf, { metadata: { build: '7' } }],
    ['extended', leaf, { extendedAttributes: [{ key: 'x', value: 'y', critical: false }] }],
    ['plugin', leaf, { verificationPlugin: 'com.example.plugin' }],
    ['other target', leaf, {}, { digest: `sha256:${'b'.repeat(64)}` }],
    ['other size', leaf, {}, { size: 4 }],
    ['other type', leaf, {}, { mediaType: 'application/vnd.oci.image.index.v1+json' }],
  ];
  const envelopes: Envelope[] = [];
  for (const [name, { signer }, options, patch] of rows) {
    for (const format of ['jws', 'cose'] as const) {
      const { envelope, mediaType } = await signEnvelope({ ...target, ...patch }, { ...options, signer, format });
      envelopes.push({ name: `${name} ${format}`, bytes: envelope, mediaType });
    }
  }
  const made = [
    ...(await timestamped(authority)),
    ...(await subjects(authority)),
    ...(await forgedEnvelopes(authority)),
  ];
  return [...envelopes, ...made, ...mutants(envelopes)];
}

/** Signatures with a timestamp: of another authority, over something else, before, after and across the end of a certificate. */
async function timestamped(authority: Authority): Promise<Envelope[]> {
  const end = new Date('2024-01-01T00:00:00Z');
  const signers = { valid: await authority.issueLeaf(), ended: await authority.issueLeaf({ notAfter: end }) };
  const tsa = await authority.issueTimestamping();
  const foreign = await (await createAuthority({ name: 'Foreign' })).issueTimestamping();
  const within = new Date('2023-06-01T00:00:00Z');
  const rows: [string, keyof typeof signers, Partial<TokenOptions>, Uint8Array?][] = [
    ['', 'valid', { genTime: within }],
    [' of an ended certificate', 'ended', { genTime: within }],
    [' at the end', 'ended', { genTime: end, accuracy: null }],
    [' across the end', 'ended', { genTime: end, accuracy: { seconds: 1 } }],
    [' after the end', 'ended', { genTime: new Date('2024-06-01T00:00:00Z') }],
    [' before the beginning', 'valid', { genTime: new Date('2019-06-01T00:00:00Z') }],
    [' of a foreign authority', 'valid', { genTime: within, signer: foreign }],
    [' over something else', 'valid', { genTime: within }, utf8('something else')],
    [' by SHA-384', 'valid', { genTime: within, imprintHash: 'sha384' }],
    [' of another signer in the bag', 'valid', { genTime: within, certificates: [] }],
  ];
  const envelopes: Envelope[] = [];
  for (const [name, who, options, message] of rows) {
    const { envelope, mediaType, verified } = await signEnvelope(target, {
      signer: signers[who].signer,
      now: new Date('2023-06-01T00:00:00Z'),
    });
    const token = await buildTimestampToken(message ?? verified.signature, { signer: tsa, ...options });
    const document = JSON.parse(new TextDecoder().decode(envelope)) as { header: Record<string, unknown> };
    document.header['io.cncf.notary.timestampSignature'] = encodeBase64(token);
    envelopes.push({ name: `timestamp${name}`, bytes: utf8(JSON.stringify(document)), mediaType });
  }
  return envelopes;
}

/** Signers whose subject is unusual. */
async function subjects(authority: Authority): Promise<Envelope[]> {
  const place = { C: 'US', ST: 'WA', O: 'NotaryKit Test' };
  const rows: [string, Record<string, string | string[]>, string?][] = [
    ['two units', { ...place, OU: ['A', 'B'] }],
    ['two names', { ...place, CN: ['first', 'second'] }],
    ['no state', { C: 'US', O: 'NotaryKit Test' }],
    ['domain component', { ...place, DC: 'x' }],
    ['special characters', { ...place, CN: 'a, "b" + c; \\d' }],
    ['=# in the name', { ...place, CN: 'a=#b' }],
    ['blanks', { ...place, CN: ' a ' }],
    ['unicode', { ...place, CN: 'München' }],
    ['serial number', { ...place, SERIALNUMBER: '12', STREET: 's', POSTALCODE: '9' }],
  ];
  const envelopes: Envelope[] = [];
  for (const [name, subject] of rows) {
    const { signer } = await authority.issueLeaf({ subject });
    const { envelope, mediaType } = await signEnvelope(target, { signer });
    envelopes.push({ name: `subject: ${name}`, bytes: envelope, mediaType });
  }
  return envelopes;
}

/** One byte changed, cut, or doubled: at places that do not depend on chance. */
function mutants(envelopes: readonly Envelope[]): Envelope[] {
  const [plainJws, plainCose] = envelopes.filter(({ name }) => name.startsWith('plain'));
  return [plainJws, plainCose].flatMap((envelope) => {
    const { bytes, mediaType, name } = envelope as Envelope;
    const flips = Array.from({ length: 30 }, (_, i) => Math.floor((bytes.length * (i + 0.5)) / 30)).map((at) => {
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ (at % 2 === 0 ? 1 : 0x20);
      return { name: `${name}, byte ${at} changed`, bytes: changed, mediaType };
    });
    const other = mediaType === jwsType ? coseType : jwsType;
    return [
      ...flips,
      { name: `${name}, cut`, bytes: bytes.slice(0, bytes.length - 5), mediaType },
      { name: `${name}, empty`, bytes: new Uint8Array(0), mediaType },
      { name: `${name}, as ${other}`, bytes, mediaType: other },
      { name: `${name}, as text`, bytes, mediaType: 'text/plain' },
    ];
  });
}

/** An envelope with its own root, in a store of that name. */
export interface AnchoredEnvelope extends Envelope {
  readonly store: string;
  readonly anchor: Uint8Array | undefined;
}

/** The envelopes of the vectors. */
export function vectorEnvelopes(): AnchoredEnvelope[] {
  const rows: { File: string; MediaType: string; TrustAnchor: string }[] = vectorJson(
    'notary',
    'generated/envelopes/expected.json',
  );
  return rows.map(({ File, MediaType, TrustAnchor }) => {
    const name = File.replace('envelopes/', '');
    return {
      name,
      bytes: vectorBytes('notary', 'generated', File),
      mediaType: MediaType,
      store: TrustAnchor === '' ? 'lab' : TrustAnchor.replace(/^.*\//, '').replace('.pem', ''),
      anchor: TrustAnchor === '' ? undefined : vectorBytes('notary', 'generated', TrustAnchor),
    };
  });
}

const level = (name: string, override?: object): Readonly<Record<string, unknown>> => ({
  signatureVerification: { level: name, ...(override === undefined ? {} : { override }) },
});

/** Policies, stores and revocation answers, each with one twist. */
export const circumstances: readonly Circumstances[] = [
  { name: 'strict' },
  { name: 'permissive', statement: level('permissive') },
  { name: 'audit', statement: level('audit') },
  { name: 'skip', statement: { ...level('skip'), trustStores: [], trustedIdentities: [] } },
  { name: 'strict, expiry logged', statement: level('strict', { expiry: 'log' }) },
  { name: 'strict, authenticity logged', statement: level('strict', { authenticity: 'log' }) },
  { name: 'audit, timestamp enforced', statement: level('audit', { authenticTimestamp: 'enforce' }) },
  { name: 'any identity', statement: { trustedIdentities: ['*'] } },
  { name: 'another identity', statement: { trustedIdentities: ['x509.subject:C=US,ST=WA,O=Other'] } },
  { name: 'identity with another type', statement: { trustedIdentities: ['other:value'] } },
  {
    name: 'identity of the leaf',
    statement: { trustedIdentities: ['x509.subject:C=US,ST=WA,L=Seattle,O=NotaryKit Test,CN=NotaryKit Test Signer'] },
  },
  {
    name: 'identity by alias and escape',
    statement: { trustedIdentities: ['x509.subject: C=US; S=WA; O=Notary\\4bit Test'] },
  },
  { name: 'only ca stores', statement: { trustStores: ['ca:lab'] } },
  { name: 'only authority stores', statement: { trustStores: ['signingAuthority:lab'] } },
  { name: 'another root', statement: { trustStores: ['ca:other', 'signingAuthority:other'] } },
  {
    name: 'the intermediate as root',
    statement: { trustStores: ['ca:intermediate', 'signingAuthority:intermediate'] },
  },
  { name: 'a leaf in the store', statement: { trustStores: ['ca:leaf', 'signingAuthority:leaf'] } },
  { name: 'a missing store', statement: { trustStores: ['ca:missing', 'ca:lab', 'signingAuthority:missing'] } },
  { name: 'a store named as a device', statement: { trustStores: ['ca:con', 'signingAuthority:con'] } },
  { name: 'a store with text', statement: { trustStores: ['ca:texted', 'signingAuthority:texted'] } },
  { name: 'an empty store', statement: { trustStores: ['ca:empty', 'signingAuthority:empty'] } },
  { name: 'a broken store', statement: { trustStores: ['ca:broken', 'signingAuthority:broken'] } },
  {
    name: 'several stores',
    statement: { trustStores: ['ca:other', 'ca:lab', 'signingAuthority:other', 'signingAuthority:lab'] },
  },
  { name: 'timestamp demanded', statement: { trustStores: ['ca:lab', 'signingAuthority:lab', 'tsa:lab'] } },
  {
    name: 'timestamp after expiry',
    statement: {
      trustStores: ['ca:lab', 'signingAuthority:lab', 'tsa:lab'],
      signatureVerification: { level: 'strict', verifyTimestamp: 'afterCertExpiry' },
    },
  },
  {
    name: 'timestamp demanded, audit',
    statement: { trustStores: ['ca:lab', 'signingAuthority:lab', 'tsa:lab'], ...level('audit') },
  },
  { name: 'leaf revoked', revocation: ['revoked', 'good', 'notRevocable'] },
  { name: 'intermediate revoked', revocation: ['good', 'revoked', 'notRevocable'] },
  { name: 'leaf unavailable', revocation: ['unavailable', 'good', 'notRevocable'] },
  { name: 'leaf unavailable, intermediate revoked', revocation: ['unavailable', 'revoked', 'notRevocable'] },
  { name: 'nothing to ask', revocation: ['notRevocable', 'notRevocable', 'notRevocable'] },
  { name: 'leaf revoked, logged', statement: level('permissive'), revocation: ['revoked', 'good', 'notRevocable'] },
  {
    name: 'leaf revoked, skipped',
    statement: level('strict', { revocation: 'skip' }),
    revocation: ['revoked', 'good', 'notRevocable'],
  },
  { name: 'metadata required', metadata: { build: '7' } },
  { name: 'other metadata required', metadata: { build: '8' } },
  { name: 'another repository', reference: `registry.test/other@${target.digest}` },
  {
    name: 'another spelling of the host',
    reference: `REGISTRY.test/net-monitor@${target.digest}`,
    rows: ['registry scopes'],
  },
  { name: 'the wildcard', statement: { registryScopes: ['*'] }, reference: `registry.test/other@${target.digest}` },
];

/** Policy documents by themselves: what one accepts the other accepts. */
export function policyCases(): { readonly name: string; readonly document: object }[] {
  const base = {
    name: 'p',
    registryScopes: [repositoryName],
    signatureVerification: { level: 'strict' },
    trustStores: ['ca:lab'],
    trustedIdentities: ['*'],
  };
  const rows: [string, object][] = [
    ['no stores', { trustStores: [] }],
    ['no identities', { trustedIdentities: [] }],
    ['level unknown', level('stricter')],
    ['override integrity', level('strict', { integrity: 'log' })],
    ['override skip of expiry', level('strict', { expiry: 'skip' })],
    ['skip with stores', level('skip')],
    ['scope with tag', { registryScopes: ['a.b/c:d'] }],
    ['scope upper case', { registryScopes: ['a.b/C'] }],
    ['scope upper-case host', { registryScopes: ['A.B/c'] }],
    ['scope odd', { registryScopes: ['a-b.c/d__e/f--g'] }],
    ['scope three underscores', { registryScopes: ['a/b___c'] }],
    ['wildcard and other', { registryScopes: ['*', 'a.b/c'] }],
    ['no scopes', { registryScopes: [] }],
    ['store of no type', { trustStores: ['lab'] }],
    ['store of another type', { trustStores: ['xx:lab'] }],
    ['store with a slash', { trustStores: ['ca:a/b'] }],
    ['store of two dots', { trustStores: ['ca:..'] }],
    ['wildcard identity and other', { trustedIdentities: ['*', 'other:x'] }],
    ['identity without C', { trustedIdentities: ['x509.subject:ST=WA,O=x'] }],
    ['identities overlap', { trustedIdentities: ['x509.subject:C=US,ST=WA,O=x', 'x509.subject:C=US,ST=WA,O=x,CN=y'] }],
    ['identity =#', { trustedIdentities: ['x509.subject:C=US,ST=WA,O=#041'] }],
    ['identity multi-valued', { trustedIdentities: ['x509.subject:C=US+ST=WA,O=x'] }],
    ['identity with an empty attribute', { trustedIdentities: ['x509.subject:C=US,ST=WA,O=x,OU='] }],
    ['identity twice empty', { trustedIdentities: ['x509.subject:C=US,ST=WA,O=x,OU=,OU=a'] }],
    ['identity quoted', { trustedIdentities: ['x509.subject:C=US,ST=WA,O="x"'] }],
    ['identity escape', { trustedIdentities: ['x509.subject:C=US,ST=WA,O=\\q'] }],
    ['identity escape at the end', { trustedIdentities: ['x509.subject:C=US,ST=WA,O=x\\'] }],
    ['identity odd separators', { trustedIdentities: ['x509.subject:C=US;ST=WA;O=x'] }],
    ['verifyTimestamp never', { signatureVerification: { level: 'strict', verifyTimestamp: 'never' } }],
    ['verifyTimestamp empty', { signatureVerification: { level: 'strict', verifyTimestamp: '' } }],
    ['unknown member', { comment: 'x' }],
    ['misspelt member', { trustedidentities: ['*'] }],
    ['escaped backslash before a blank', { trustedIdentities: ['x509.subject:C=US,ST=WA,O=x\\\\ '] }],
    ['store of a dot', { trustStores: ['ca:.'] }],
    ['store that is a device', { trustStores: ['ca:CON'] }],
    ['blank name', { name: ' ' }],
    ['scopes that are one repository', { registryScopes: ['a.b/c', 'a.b:443/c'] }],
    ['scopes of hosts in two cases', { registryScopes: ['a.b/c', 'A.B/c'] }],
    ['identity of another type twice', { trustedIdentities: ['other:x', 'other:x'] }],
    ['skip for everything', { ...level('skip'), registryScopes: ['*'], trustStores: [], trustedIdentities: [] }],
  ];
  return rows.map(([name, patch]) => ({
    name,
    document: { version: '1.0', trustPolicies: [{ ...base, ...patch }] },
  }));
}

/** The policy documents of the vectors. */
export function vectorPolicies(): ReturnType<typeof policyCases> {
  const policies: Record<string, { asOci: string }> = vectorJson('notary', 'expected.json').policies;
  return Object.entries(policies)
    .filter(([, { asOci }]) => !asOci.startsWith('invalid JSON'))
    .map(([file]) => ({ name: file.replace(/^.*\//, ''), document: vectorJson('notary', file) as object }));
}

/** An authority with its own root, and another that nobody trusts. */
export async function makeAuthorities(): Promise<{ readonly lab: Authority; readonly other: Authority }> {
  return { lab: await createAuthority(), other: await createAuthority({ name: 'Other' }) };
}
