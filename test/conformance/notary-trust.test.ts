import { isCodedError } from '@notarykit/common';
import { parseCertificates } from '@notarykit/pki';
import { matchIdentities, parseBlobTrustPolicy, parseTrustPolicy, type TrustStoreType } from '@notarykit/trust-policy';
import { directoryTrustStore } from '@notarykit/trust-policy/node';
import { expect, it } from 'vitest';
import { countVectors, vectorBytes, vectorJson, vectorPath, vectorSet } from '../vectors.js';

function verdict(parse: () => unknown): string {
  try {
    parse();
    return 'ok';
  } catch (error) {
    return isCodedError(error) ? error.code : `threw ${String(error)}`;
  }
}

/** Stricter on purpose, with the rule that refuses (docs/parity.md). */
const stricterPolicies = new Map([
  ['notation/test/e2e/testdata/config/trustpolicies/skip_trustpolicy.json', 'level "skip" with the scope "*"'],
]);

vectorSet('notary', 'notary', () => {
  it('trust policy documents, as OCI and as blob document', (context) => {
    const policies: Record<string, { asOci: string; asBlob: string }> = vectorJson('notary', 'expected.json').policies;
    const rows = Object.entries(policies).flatMap(([file, expected]) => {
      const document = vectorBytes('notary', file);
      const oci = stricterPolicies.has(file) ? 'refused' : expected.asOci;
      return [
        { file, as: 'oci', found: verdict(() => parseTrustPolicy(document)), expected: oci },
        { file, as: 'blob', found: verdict(() => parseBlobTrustPolicy(document)), expected: expected.asBlob },
      ];
    });
    const wrong = rows.filter((row) => row.found !== (row.expected === 'ok' ? 'ok' : 'ERR_TRUST_POLICY'));
    expect(wrong).toEqual([]);
    countVectors(context, rows.length, rows.length);
  });

  it('trusted identities as policies hold them', (context) => {
    const subjects: { Identities: { identity: string; policy: string }[] }[] = vectorJson(
      'notary',
      'generated',
      'identities',
      'expected.json',
    );
    const pairs = subjects.flatMap((subject) => subject.Identities);
    const wrong = pairs
      .map(({ identity, policy }) => ({
        identity,
        expected: policy === 'ok' ? 'ok' : 'ERR_TRUST_POLICY',
        found: verdict(() => parseTrustPolicy(policyWith(identity))),
      }))
      .filter(({ expected, found }) => expected !== found);
    expect(wrong).toEqual([]);
    countVectors(context, pairs.length, pairs.length);
  });

  it('trusted identities against subjects', (context) => {
    const subjects: { File: string; Identities: { identity: string; policy: string; verify?: string }[] }[] =
      vectorJson('notary', 'generated', 'identities', 'expected.json');
    const rows = subjects.flatMap(({ File, Identities }) => {
      const [leaf] = parseCertificates(vectorBytes('notary', 'generated', File));
      return Identities.filter(({ policy }) => policy === 'ok').map(({ identity, verify }) => {
        const [statement] = parseTrustPolicy(policyWith(identity)).statements;
        const match = matchIdentities(statement?.trustedIdentities ?? [], leaf as NonNullable<typeof leaf>);
        return { File, identity, expected: verify === 'ok', found: 'identity' in match };
      });
    });
    expect(rows.filter(({ expected, found }) => expected !== found)).toEqual([]);
    countVectors(context, rows.length, rows.length);
  });

  it('trust stores in a directory', async (context) => {
    const stores: Record<string, { certificates: number; error: string | null }> = vectorJson(
      'notary',
      'expected.json',
    ).trustStores;
    const wrong = [];
    for (const [path, expected] of Object.entries(stores)) {
      const [name, type] = path.split('/').reverse() as [string, TrustStoreType];
      const store = directoryTrustStore(vectorPath('notary', 'notation-go/verifier/testdata/truststore'));
      const found = await store.certificates(type, name).then(
        (certificates) => certificates.length,
        (error: unknown) => (isCodedError(error) ? error.code : String(error)),
      );
      if (found !== (expected.error === null ? expected.certificates : 'ERR_TRUST_STORE')) wrong.push({ path, found });
    }
    expect(wrong).toEqual([]);
    countVectors(context, Object.keys(stores).length, Object.keys(stores).length);
  });
});

function policyWith(identity: string): object {
  return {
    version: '1.0',
    trustPolicies: [
      {
        name: 'p',
        registryScopes: ['*'],
        signatureVerification: { level: 'strict' },
        trustStores: ['ca:s'],
        trustedIdentities: [identity],
      },
    ],
  };
}
