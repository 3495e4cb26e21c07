import type { Descriptor } from '@notarykit/oci';
import { type SignatureKind, signatureKindKey } from '@notarykit/signature-envelope';
import { signatureKinds } from '@notarykit/signature-envelope/internal';
import {
  compileTrustPolicy,
  diffTrustPolicies,
  explain,
  parseExtendedTrustPolicy,
  TrustError,
} from '@notarykit/trust-policy';
import { extendedVersion2, extendedVersion3 } from '@notarykit/trust-policy/internal';
import { beforeEach, describe, expect, it } from 'vitest';
import { verifyArtifactSignatures } from '../../support/verify-artifact.js';
import { createLab, identity, type Lab } from './lab.js';

let lab: Lab;
beforeEach(async () => {
  lab = await createLab();
});

const signatureVerification = { level: 'strict', override: { revocation: 'skip' } };
const anybody = { trustStores: ['ca:lab'], trustedIdentities: [identity] };

function parse(statement: object, version: string = extendedVersion3) {
  const trustPolicies = [{ name: 'kinds', registryScopes: ['*'], signatureVerification, ...statement }];
  return parseExtendedTrustPolicy({ version, trustPolicies });
}
const ofKinds = (required: number, ...kinds: readonly (SignatureKind | undefined)[]) =>
  parse({
    signers: {
      required,
      of: kinds.map((kind, i) => ({ name: `s${i}`, ...anybody, ...(kind === undefined ? {} : { kind }) })),
    },
  });
type Policy = ReturnType<typeof parse>;

const issue = (CN: string) => lab.authority.issueLeaf({ subject: { C: 'US', ST: 'WA', O: 'NotaryKit Test', CN } });
const attach = async (CN: string, claims: Parameters<Lab['sign']>[0]): Promise<Descriptor> =>
  lab.attach((await lab.sign({ signer: (await issue(CN)).signer, ...claims })).verified);
const verify = (policy: Policy, more: object = {}) =>
  verifyArtifactSignatures(lab.repository, lab.artifact, { policy, trustStore: lab.anchors, ...more });

async function refusal(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof TrustError)) throw new Error('expected a refusal');
  expect(error.code).toBe('ERR_TRUST_NOT_VERIFIED');
  return error.report === undefined ? '' : explain(error.report);
}

describe('the kind of a signature', () => {
  it('is user metadata of the payload, as notation writes it with -m', async () => {
    const { verified } = await lab.sign({ kind: 'vendor', metadata: { build: '7' } });
    expect(verified.targetArtifact.annotations).toEqual({ build: '7', 'dev.notarykit.signature.kind': 'vendor' });
    const same = await lab.sign({ metadata: { [signatureKindKey]: 'vendor' } });
    expect(same.verified.targetArtifact.annotations).toEqual({ 'dev.notarykit.signature.kind': 'vendor' });
    expect((await lab.sign()).verified.targetArtifact.annotations).toBeUndefined();
  });

  it.each([
    ['a kind that is not known', { kind: 'vendro' as SignatureKind }],
    ['a kind that the metadata contradicts', { kind: 'vendor', metadata: { [signatureKindKey]: 'user' } } as const],
  ])('refuses to sign with %s', async (_, claims) => {
    await expect(lab.sign(claims)).rejects.toMatchObject({ code: 'ERR_ENVELOPE_MALFORMED' });
  });

  it('H1 a policy that demands one counts signatures of that kind alone', async () => {
    await attach('a', { kind: 'user' });
    await attach('b', {});
    await attach('c', { metadata: { [signatureKindKey]: 'Vendor' } });
    for (const policy of [parse({ ...anybody, kind: 'vendor' }), ofKinds(1, 'vendor')])
      expect(await refusal(verify(policy))).toContain(signatureKindKey);
    const manifest = await attach('d', { kind: 'vendor' });
    for (const policy of [parse({ ...anybody, kind: 'vendor' }), ofKinds(1, 'vendor')])
      expect(await verify(policy)).toMatchObject({ verdict: 'trusted', signature: { manifest } });
    expect((await verify(parse(anybody))).verdict).toBe('trusted');
  });

  it('H1 no level only logs it', async () => {
    await attach('a', { kind: 'user' });
    const audit = parse({ ...anybody, kind: 'vendor', signatureVerification: { level: 'audit' } });
    expect(await refusal(verify(audit))).toContain(signatureKindKey);
  });

  it('H1 what the caller demands is demanded besides', async () => {
    await attach('a', { kind: 'vendor' });
    const vendor = parse({ ...anybody, kind: 'vendor' });
    const demanding = (value: string) => verify(vendor, { metadata: { [signatureKindKey]: value } });
    expect((await demanding('vendor')).verdict).toBe('trusted');
    await refusal(demanding('user'));
    await attach('b', { kind: 'user' });
    await refusal(demanding('user'));
  });

  it('H2 vendor and certifier: both kinds, by different signers', async () => {
    const policy = ofKinds(2, 'vendor', 'certifier');
    const [vendor, certifier] = [await issue('vendor'), await issue('certifier')];
    const sign = async (signer: typeof vendor, kind: SignatureKind) =>
      lab.attach((await lab.sign({ signer: signer.signer, kind })).verified);
    await sign(vendor, 'vendor');
    expect(await refusal(verify(policy))).toContain('"s1"');
    await sign(vendor, 'certifier');
    await refusal(verify(policy));
    await sign(certifier, 'user');
    await sign(certifier, 'vendor');
    expect(await verify(policy)).toMatchObject({ verdict: 'trusted', signers: [{ signer: 's0' }, { signer: 's1' }] });
  });

  it('H2 a signature of one kind does not count for another: a certifier is not a vendor', async () => {
    await attach('a', { kind: 'vendor' });
    await attach('b', { kind: 'vendor' });
    await refusal(verify(ofKinds(2, 'vendor', 'certifier')));
    await attach('c', { kind: 'certifier' });
    expect((await verify(ofKinds(2, 'vendor', 'certifier'))).verdict).toBe('trusted');
  });

  it('a compiled policy demands it, too, and says what a plain document cannot', async () => {
    const { policies } = compileTrustPolicy(ofKinds(1, 'vendor', undefined), 'registry.test/net-monitor');
    expect(policies.map(({ metadata, policy }) => [metadata, policy.statements[0]?.kind])).toEqual([
      [{ [signatureKindKey]: 'vendor' }, 'vendor'],
      [undefined, undefined],
    ]);
    await attach('a', { kind: 'user' });
    const verifyBy = (i: number) =>
      verifyArtifactSignatures(lab.repository, lab.artifact, {
        policy: (policies[i] as (typeof policies)[number]).policy,
        trustStore: lab.anchors,
        scope: 'registry.test/net-monitor',
      });
    await refusal(verifyBy(0));
    expect((await verifyBy(1)).verdict).toBe('trusted');
  });
});

describe('documents with kinds', () => {
  const detail = (rule: string) => expect.objectContaining({ detail: expect.objectContaining({ rule }) });

  it.each([...signatureKinds])('may demand %s', (kind) => {
    expect(parse({ ...anybody, kind }).statements[0]?.demanded[0].statement.kind).toBe(kind);
  });

  it.each([['vendro'], [''], [null], [1], [['vendor']]])('H3 refuses %j', (kind) => {
    expect(() => parse({ ...anybody, kind })).toThrow(detail('kind'));
    const of = [{ name: 's', ...anybody, kind }];
    expect(() => parse({ signers: { required: 1, of } })).toThrow(detail('kind'));
  });

  it('H3 a kind beside signers is refused: it would count for none of them', () => {
    const of = [{ name: 's', ...anybody }];
    expect(() => parse({ kind: 'vendor', signers: { required: 1, of } })).toThrow(detail('signers'));
  });

  it('H3 an earlier version has no kinds', () => {
    expect(() => parse({ ...anybody, kind: 'vendor' }, extendedVersion2)).toThrow(detail('member'));
    const of = [{ name: 's', ...anybody, kind: 'vendor' }];
    expect(() => parse({ signers: { required: 1, of } }, extendedVersion2)).toThrow(detail('member'));
  });

  it('differ by them', () => {
    const [none, vendor, user] = [undefined, 'vendor', 'user'] as const;
    const effects = (before: Policy, after: Policy) =>
      diffTrustPolicies(before, after).map(({ effect, aspect }) => `${aspect} ${effect}`);
    expect(effects(ofKinds(1, none), ofKinds(1, vendor))).toEqual(['kind narrower']);
    expect(effects(ofKinds(1, vendor), ofKinds(1, none))).toEqual(['kind wider']);
    expect(effects(ofKinds(1, vendor), ofKinds(1, user))).toEqual(['kind changed']);
    expect(effects(ofKinds(1, vendor, user), parse(anybody))).toEqual(['kind wider']);
    expect(effects(ofKinds(1, vendor), parse({ ...anybody, kind: 'vendor' }))).toEqual([]);
  });
});
