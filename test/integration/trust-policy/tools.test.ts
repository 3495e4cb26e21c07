import type { Repository } from '@notarykit/oci';
import {
  diffTrustPolicies,
  lintTrustPolicy,
  parseExtendedTrustPolicy,
  parseTrustPolicy,
  simulate,
  TrustError,
  type TrustReport,
} from '@notarykit/trust-policy';
import { extendedVersion, recordedOutcome } from '@notarykit/trust-policy/internal';
import { beforeEach, describe, expect, it } from 'vitest';
import { verifyArtifactSignatures } from '../../support/verify-artifact.js';
import { createLab, identity, type Lab, policy, repositoryName } from './lab.js';

let lab: Lab;
beforeEach(async () => {
  lab = await createLab();
});

const verify = (patch: object = {}, repository: Repository = lab.repository) =>
  verifyArtifactSignatures(repository, lab.artifact, { policy: policy(), trustStore: lab.anchors, ...patch });

async function reportOf(run: Promise<{ report: TrustReport }>): Promise<TrustReport> {
  try {
    return (await run).report;
  } catch (error) {
    if (error instanceof TrustError && error.report !== undefined) return error.report;
    throw error;
  }
}

describe('lintTrustPolicy', () => {
  const rules = async (...args: Parameters<typeof lintTrustPolicy>) =>
    (await lintTrustPolicy(...args)).map(({ rule, member }) => [rule, member]);

  it('finds nothing in a strict policy', async () => {
    expect(await rules(policy({ signatureVerification: { level: 'strict' } }))).toEqual([]);
  });

  it.each([
    ['any identity', { trustedIdentities: ['*'] }, ['widening', 'trustedIdentities']],
    ['audit', { signatureVerification: { level: 'audit' } }, ['widening', 'signatureVerification']],
    ['revocation skipped', {}, ['widening', 'signatureVerification.override']],
    ['tsa without ca', { trustStores: ['signingAuthority:lab', 'tsa:lab'] }, ['unreachable', 'trustStores']],
    [
      'verifyTimestamp without tsa',
      { signatureVerification: { level: 'strict', verifyTimestamp: 'afterCertExpiry' } },
      ['unreachable', 'signatureVerification.verifyTimestamp'],
    ],
    [
      'an override of nothing',
      { signatureVerification: { level: 'strict', override: { expiry: 'enforce' } } },
      ['unreachable', 'signatureVerification.override'],
    ],
    ['a store twice', { trustStores: ['ca:lab', 'ca:lab'] }, ['unreachable', 'trustStores']],
    ['an unknown member', { comment: 'x' }, ['unknownMember', 'comment']],
  ])('%s', async (_, patch, expected) => {
    expect(await rules(policy(patch))).toContainEqual(expected);
  });

  it('a named repository that is held to less than the wildcard', async () => {
    const statement = { trustStores: ['ca:lab'], trustedIdentities: [identity] };
    const parsed = parseTrustPolicy({
      version: '1.0',
      trustPolicies: [
        { name: 'one', registryScopes: ['a.b/c'], signatureVerification: { level: 'permissive' }, ...statement },
        { name: 'all', registryScopes: ['*'], signatureVerification: { level: 'strict' }, ...statement },
      ],
    });
    expect(await lintTrustPolicy(parsed)).toMatchObject([{ rule: 'overlapping', statement: 'one' }]);
  });

  it('an extended policy, signer by signer', async () => {
    const strict = { level: 'strict' };
    const of = [
      { name: 'vendor', trustStores: ['ca:lab'], trustedIdentities: [identity] },
      { name: 'anybody', trustStores: ['ca:lab', 'ca:none'], trustedIdentities: ['*'] },
    ];
    const parsed = parseExtendedTrustPolicy({
      version: extendedVersion,
      trustPolicies: [
        {
          name: 'team',
          registryScopes: ['r.test/team/*'],
          signatureVerification: strict,
          signers: { required: 2, of },
        },
        { ...of[0], name: 'one', registryScopes: ['r.test'], signatureVerification: { level: 'audit' } },
        {
          name: 'all',
          registryScopes: ['*'],
          signatureVerification: strict,
          trustStores: ['ca:lab'],
          trustedIdentities: [identity],
        },
      ],
    });
    const found = await lintTrustPolicy(parsed, { trustStore: lab.anchors });
    expect(found.map(({ statement, rule, member }) => [statement, rule, member])).toEqual([
      ['team', 'widening', 'signers.of[1].trustedIdentities'],
      ['team', 'unusable', 'signers.of[1].trustStores[1]'],
      ['one', 'widening', 'signatureVerification'],
      ['one', 'overlapping', 'signatureVerification'],
    ]);
  });

  it('stores that cannot be used, anchors that have expired or soon will', async () => {
    const parsed = policy({ signatureVerification: { level: 'strict' }, trustStores: ['ca:lab', 'ca:none'] });
    expect(await rules(parsed, { trustStore: lab.anchors })).toEqual([['unusable', 'trustStores[1]']]);
    const late = { trustStore: lab.anchors, now: new Date('2119-12-20T00:00:00Z') };
    expect(await lintTrustPolicy(parsed, late)).toMatchObject([{ rule: 'expired', severity: 'note' }, {}]);
    const past = { trustStore: lab.anchors, now: new Date('2120-02-01T00:00:00Z') };
    expect(await lintTrustPolicy(parsed, past)).toMatchObject([{ rule: 'expired', severity: 'warning' }, {}]);
  });
});

describe('diffTrustPolicies', () => {
  const extended = (...statements: object[]) =>
    parseExtendedTrustPolicy({
      version: extendedVersion,
      trustPolicies: statements.map((one, i) => ({
        name: `s${i}`,
        signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
        ...('signers' in one ? {} : { trustStores: ['ca:lab'], trustedIdentities: [identity] }),
        ...one,
      })),
    });
  const signer = (name: string, ...trustedIdentities: string[]) => ({
    name,
    trustStores: ['ca:lab'],
    trustedIdentities,
  });
  const signers = (required: number, ...of: object[]) => ({ registryScopes: ['r.test'], signers: { required, of } });
  const differences = (...args: Parameters<typeof diffTrustPolicies>) =>
    diffTrustPolicies(...args).map(({ scope, effect, aspect, signer: name }) => [scope, effect, aspect, name]);

  it('reports no difference between a plain and an extended policy with the same meaning', () => {
    expect(differences(policy(), extended({ registryScopes: [repositoryName] }))).toEqual([]);
    expect(differences(extended({ registryScopes: [repositoryName] }), policy())).toEqual([]);
  });

  it('a wider scope that takes over is a difference of the narrower one only where it says something else', () => {
    const any = { trustedIdentities: ['*'] };
    const registry = extended({ registryScopes: ['registry.test'], ...any });
    expect(differences(policy(), registry)).toEqual([
      ['registry.test', 'wider', 'scope', undefined],
      [repositoryName, 'wider', 'identity', undefined],
    ]);
    const prefixes = extended({ registryScopes: ['r.test/a/*'] }, { registryScopes: ['r.test'], ...any });
    expect(differences(prefixes, extended({ registryScopes: ['r.test/a/*', 'r.test'] }))).toEqual([
      ['r.test', 'narrower', 'identity', undefined],
    ]);
    expect(differences(prefixes, extended({ registryScopes: ['r.test'], ...any }))).toEqual([
      ['r.test/a/*', 'wider', 'identity', undefined],
    ]);
  });

  it('signers: reports changes of number, names and identities', () => {
    const [a, b] = [signer('a', identity), signer('b', `${identity},CN=b`)];
    const one = extended(signers(1, a, b));
    expect(differences(one, extended(signers(2, a, b)))).toEqual([['r.test', 'narrower', 'signers', undefined]]);
    expect(differences(extended(signers(2, a, b)), one)).toEqual([['r.test', 'wider', 'signers', undefined]]);
    expect(differences(one, extended(signers(1, a)))).toEqual([['r.test', 'narrower', 'signers', undefined]]);
    expect(differences(extended(signers(1, a)), one)).toEqual([['r.test', 'wider', 'signers', undefined]]);
    expect(differences(one, extended(signers(1, a, signer('b', '*'))))).toEqual([['r.test', 'wider', 'identity', 'b']]);
    expect(differences(one, extended({ registryScopes: ['r.test'] }))).toEqual([]);
    expect(differences(extended({ registryScopes: ['r.test'] }), extended(signers(2, a, signer('b', '*'))))).toEqual([
      ['r.test', 'narrower', 'signers', undefined],
      ['r.test', 'wider', 'identity', undefined],
    ]);
  });

  it('a statement that expires: reports when, and what applies afterwards', () => {
    const rest = { registryScopes: ['*'], trustedIdentities: ['*'] };
    const until = (expires?: string) =>
      extended({ registryScopes: ['r.test'], ...(expires === undefined ? {} : { expires }) }, rest);
    const [early, late] = [until('2030-01-01T00:00:00Z'), until('2031-01-01T00:00:00Z')];
    const at = new Date('2029-01-01T00:00:00Z');
    expect(differences(early, late, { at })).toEqual([['r.test', 'changed', 'expiry', undefined]]);
    expect(differences(until(), late, { at })).toEqual([['r.test', 'changed', 'expiry', undefined]]);
    const ended = { at: new Date('2030-01-01T00:00:00Z') };
    expect(differences(until(), early, ended)).toEqual([['r.test', 'wider', 'identity', undefined]]);
  });

  it('reports no difference between policies with the same meaning', () => {
    expect(diffTrustPolicies(policy(), policy({ name: 'other' }))).toEqual([]);
  });

  it.each([
    [
      'identity added',
      { trustedIdentities: [identity, 'x509.subject:C=US,ST=WA,O=Other'] },
      'wider',
      'identity',
      'now also trusts',
    ],
    ['identity widened', { trustedIdentities: ['*'] }, 'wider', 'identity', 'now also trusts'],
    ['identity narrowed', { trustedIdentities: [`${identity},CN=x`] }, 'narrower', 'identity', 'no longer trusts'],
    ['store added', { trustStores: ['ca:lab', 'ca:more'] }, 'wider', 'trustStore', 'now also uses'],
    ['timestamps demanded', { trustStores: ['ca:lab', 'tsa:lab'] }, 'narrower', 'trustStore', 'tsa:lab'],
    [
      'level lowered',
      { signatureVerification: { level: 'strict', override: { revocation: 'skip', expiry: 'log' } } },
      'wider',
      'action',
      'expiry was "enforce"',
    ],
    ['scope moved', { registryScopes: ['other.test/x'] }, 'narrower', 'scope', 'no longer covered'],
  ] as const)('%s', (_, patch, effect, aspect, text) => {
    const differences = diffTrustPolicies(policy(), policy(patch));
    expect(differences).toContainEqual(
      expect.objectContaining({ effect, aspect, message: expect.stringContaining(text) }),
    );
  });
});

describe('recordedOutcome', () => {
  it('recordedOutcome refuses the words of an earlier version', async () => {
    const report = { ...(await reportOf(verify())), verdict: 'notTrusted' } as unknown as TrustReport;
    expect(() => recordedOutcome(report, [])).toThrow(expect.objectContaining({ code: 'ERR_TRUST_POLICY' }));
  });
});

describe('simulate', () => {
  it('reports which verdicts would change, and why', async () => {
    const { verified, envelope, mediaType } = await lab.sign();
    const manifest = await lab.attach(verified);
    const candidate = { kind: 'envelope', manifest, mediaType, bytes: envelope } as const;
    const outcomes = [recordedOutcome(await reportOf(verify()), [candidate])];
    const options = { trustStore: lab.anchors };
    expect(await simulate(policy(), outcomes, options)).toMatchObject([
      { before: 'trusted', after: 'trusted', flips: false },
    ]);
    const narrower = policy({ trustedIdentities: ['x509.subject:C=US,ST=WA,O=Other'] });
    expect(await simulate(narrower, outcomes, options)).toMatchObject([
      {
        repository: repositoryName,
        before: 'trusted',
        after: 'refused',
        flips: true,
        because: { fact: 'identityNotTrusted' },
      },
    ]);
    expect(await simulate(policy({ registryScopes: ['a.b/c'] }), outcomes, options)).toMatchObject([
      { after: 'refused', code: 'ERR_TRUST_NO_STATEMENT', flips: true },
    ]);
    const two = parseExtendedTrustPolicy({
      version: extendedVersion,
      trustPolicies: [
        {
          name: 'two',
          registryScopes: ['registry.test'],
          signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
          signers: {
            required: 2,
            of: ['a', 'b'].map((name) => ({ name, trustStores: ['ca:lab'], trustedIdentities: ['*'] })),
          },
        },
      ],
    });
    expect(await simulate(two, outcomes, options)).toMatchObject([
      { after: 'refused', statement: 'two', because: { fact: 'signersMissing', required: 2, found: 1 } },
    ]);
  });
});
