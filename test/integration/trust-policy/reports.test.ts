import { readFileSync } from 'node:fs';
import type { Repository } from '@notarykit/oci';
import { explain, parseTrustPolicy, TrustError, type TrustReport, toSarif } from '@notarykit/trust-policy';
import { extendedVersion } from '@notarykit/trust-policy/internal';
import { beforeEach, describe, expect, it } from 'vitest';
import { verifyArtifactSignatures } from '../../support/verify-artifact.js';
import { createLab, type Lab, policy } from './lab.js';
import { type Schema, violations } from './schema.js';

const schemas = new URL('../../../packages/trust-policy/schemas/', import.meta.url);
const schema = (name: string): Schema =>
  JSON.parse(readFileSync(new URL(`${name}.schema.json`, schemas), 'utf8')) as Schema;

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

/** Reports of many kinds: trusted, refused for several reasons, skipped, without signature. */
async function reports(): Promise<readonly TrustReport[]> {
  const none = await reportOf(verify());
  const other = await createLab();
  await lab.attach((await other.sign()).verified);
  await lab.attach((await lab.sign({ expiry: new Date('2030-01-01T00:00:00Z') })).verified);
  const skip = policy({ signatureVerification: { level: 'skip' }, trustStores: [], trustedIdentities: [] });
  return [
    none,
    await reportOf(verify()),
    await reportOf(verify({ policy: policy({ trustedIdentities: ['x509.subject:C=US,ST=WA,O=Other'] }) })),
    await reportOf(verify({ now: new Date('2031-01-01T00:00:00Z') })),
    await reportOf(
      verify({ now: new Date('2031-01-01T00:00:00Z'), at: new Date('2029-01-01T00:00:00Z'), metadata: { a: 'b' } }),
    ),
    await reportOf(verify({ policy: policy({ signatureVerification: { level: 'audit' } }) })),
    await reportOf(verify({ policy: policy({ signatureVerification: { level: 'strict' } }) })),
    await reportOf(verify({ policy: policy({ trustStores: ['ca:lab', 'tsa:lab'] }) })),
    await reportOf(verify({ policy: skip })),
  ];
}

describe('reports', () => {
  it('are plain JSON that holds to the published schema', async () => {
    for (const report of await reports()) {
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      expect(violations(schema('trust-report'), report)).toEqual([]);
    }
    expect(violations(schema('trust-report'), { reportVersion: '1.0' })).not.toEqual([]);
  });

  it('explain: the text alone says the verdict, the statement, the reason and what to do', async () => {
    const [none, trusted, identityRefused, expired] = (await reports()).map(explain) as [
      string,
      string,
      string,
      string,
    ];
    expect(none).toMatch(
      /^Refused: registry\.test\/net-monitor@sha256:[\s\S]*why: the artifact has no signature[\s\S]*do: {2}sign the artifact/,
    );
    expect(trusted).toMatch(/^Trusted:[\s\S]*statement "lab"[\s\S]*holds until 2030|^Trusted:[\s\S]*holds until 2030/);
    expect(identityRefused).toMatch(
      /FAILED {2}authenticity: the signing certificate is of "CN=NotaryKit Test Signer[\s\S]*requires O="Other", found "NotaryKit Test"[\s\S]*do: if this signer is to be trusted, add "x509\.subject:/,
    );
    expect(expired).toMatch(/FAILED {2}expiry: the signature expired on 2030-01-01T00:00:00Z; it is 2031/);
  });

  it('explain: untrusted input cannot forge a line', async () => {
    const [report] = (await reports()).slice(2, 3) as [TrustReport];
    const forged = { ...report, subject: { ...report.subject, repository: 'a\nTrusted: b' } } as TrustReport;
    expect(explain(forged).split('\n')[0]).toContain('\\u000a');
  });

  it('toSarif: errors for refusals, notes where another signature is trusted, warnings for what was logged', async () => {
    const all = await reports();
    const log = toSarif(all);
    expect(log).toMatchObject({ version: '2.1.0', runs: [{ tool: { driver: { name: 'NotaryKit' } } }] });
    const [run] = log.runs;
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
      expect(result.message.text).toContain('To do:');
      expect(result.properties.fact).toBe(result.ruleId);
    }
    const levels = (report: TrustReport) =>
      toSarif([report]).runs[0].results.map(({ ruleId, level }) => [ruleId, level]);
    expect(levels(all[0] as TrustReport)).toEqual([['noSignature', 'error']]);
    expect(levels(all[1] as TrustReport)).toEqual([['chainNotTrusted', 'note']]);
    expect(levels(all[2] as TrustReport)).toContainEqual(['identityNotTrusted', 'error']);
    expect(levels(all[5] as TrustReport)).toContainEqual(['chainNotTrusted', 'warning']);
    expect(levels(all[8] as TrustReport)).toEqual([]);
  });
});

describe('schemas of policies', () => {
  const good = {
    version: '1.0',
    trustPolicies: [
      {
        name: 'p',
        registryScopes: ['a.b/c'],
        signatureVerification: { level: 'strict' },
        trustStores: ['ca:s'],
        trustedIdentities: ['*'],
      },
    ],
  };
  it('take what the parser takes, and refuse what it refuses', () => {
    const patch = (change: object) => ({ ...good, trustPolicies: [{ ...good.trustPolicies[0], ...change }] });
    expect(violations(schema('trust-policy'), good)).toEqual([]);
    for (const bad of [
      { version: '2.0', trustPolicies: [] },
      patch({ registryScopes: ['a.b/C'] }),
      patch({ trustStores: ['x:y'] }),
      patch({ signatureVerification: { level: 'none' } }),
    ]) {
      expect(violations(schema('trust-policy'), bad)).not.toEqual([]);
      expect(() => parseTrustPolicy(bad)).toThrow(TrustError);
    }
    expect(violations(schema('blob-trust-policy'), patch({ globalPolicy: true }))).toEqual([]);
    expect(
      violations(schema('extended-trust-policy'), {
        ...patch({ registryScopes: ['a.b/c/*'] }),
        version: extendedVersion,
      }),
    ).toEqual([]);
  });
});
