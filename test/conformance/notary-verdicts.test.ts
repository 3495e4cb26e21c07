import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Descriptor, type Digest, type MemoryRepository, memoryRepository } from '@notarykit/oci';
import { parseCertificates, type RevocationChecker } from '@notarykit/pki';
import { decodeEnvelope, decodePayload } from '@notarykit/signature-envelope';
import {
  memoryTrustStore,
  parseTrustPolicy,
  TrustError,
  type TrustReport,
  type TrustStore,
  verifySignature,
} from '@notarykit/trust-policy';
import type { OciTrustStatement } from '@notarykit/trust-policy/internal';
import { directoryTrustStore } from '@notarykit/trust-policy/node';
import { expect, it } from 'vitest';
import { verifyArtifactSignatures } from '../support/verify-artifact.js';
import { countVectors, vectorBytes, vectorJson, vectorPath, vectorSet } from '../vectors.js';
import { stricterEnvelopes } from './notary-stricter.js';

/** All verdicts of the vectors hold at this time. */
const now = new Date('2026-06-01T00:00:00Z');
const registry = 'notation/test/e2e/testdata/registry/oci_layout';
const mocks = 'notation-go/internal/mock/testdata';

function statement(patch: Readonly<Record<string, unknown>>): OciTrustStatement {
  const { statements } = parseTrustPolicy({
    version: '1.0',
    trustPolicies: [
      {
        name: 'p',
        registryScopes: ['*'],
        signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
        trustStores: ['ca:s', 'signingAuthority:s'],
        trustedIdentities: ['*'],
        ...patch,
      },
    ],
  });
  return statements[0] as OciTrustStatement;
}

interface EnvelopeRow {
  readonly File: string;
  readonly MediaType: string;
  readonly CoreVerify: string;
  readonly NotationVerify: string;
  readonly TrustAnchor: string;
}

/** The validation that decides, by the class of the error text. */
const classes: readonly [RegExp, string][] = [
  [/has expired on/, 'expiry'],
  [/descriptor mismatch/, 'target'],
  [/verification time is after/, 'authenticTimestamp'],
  [/does not contain any trusted|no trusted certificates/, 'authenticity'],
];

function expectedOf(row: EnvelopeRow): string {
  if (row.NotationVerify === 'ok') return 'trusted';
  return classes.find(([pattern]) => pattern.test(row.NotationVerify))?.[1] ?? 'integrity';
}

vectorSet('notary', 'notary', () => {
  it('generated envelopes under a strict policy', async (context) => {
    const rows: EnvelopeRow[] = vectorJson('notary', 'generated', 'envelopes', 'expected.json');
    const wrong: unknown[] = [];
    for (const row of rows) {
      const anchors =
        row.TrustAnchor === '' ? [] : parseCertificates(vectorBytes('notary', 'generated', row.TrustAnchor));
      const store = { s: anchors };
      const { report } = await verifySignature(vectorBytes('notary', 'generated', row.File), {
        mediaType: row.MediaType,
        statement: statement({}),
        trustStore: memoryTrustStore({ ca: store, signingAuthority: store }),
        now,
        target: {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          digest: `sha256:${'a'.repeat(64)}`,
          size: 3,
        },
      });
      const found = report.validations.find(({ result }) => result === 'failed')?.validation ?? report.verdict;
      const stricter = stricterEnvelopes[row.File.replace('envelopes/', '')];
      const expected = stricter === undefined ? expectedOf(row) : stricter;
      const same = stricter === undefined ? found === expected : found !== 'trusted';
      if (!same) wrong.push({ file: row.File, found, expected, note: row.NotationVerify });
    }
    expect(wrong).toEqual([]);
    countVectors(context, rows.length, rows.length);
  });

  it('signatures of both schemes at every level', async (context) => {
    const trustStore = directoryTrustStore(vectorPath('notary', 'notation-go/verifier/testdata/truststore'));
    const rows = ['ca', 'sa'].flatMap((scheme) =>
      ['valid', 'expired', 'invalid', 'plugin'].flatMap((kind) =>
        ['strict', 'permissive', 'audit'].map((level) => ({ scheme, kind, level })),
      ),
    );
    for (const { scheme, kind, level } of rows) {
      const { report } = await verifySignature(vectorBytes('notary', mocks, `${scheme}_${kind}_sig_env.json`), {
        mediaType: 'application/jose+json',
        statement: statement({
          signatureVerification: { level, override: { revocation: 'skip' } },
          trustStores: [`${scheme === 'ca' ? 'ca' : 'signingAuthority'}:valid-trust-store`],
          trustedIdentities: ['x509.subject:CN=Notation Test Root,O=Notary,L=Seattle,ST=WA,C=US'],
        }),
        trustStore,
        now,
        target: {
          mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
          digest: 'sha256:60043cf45eaebc4c0867fea485a039b598f52fd09fd5b07b0b2d2f88fad9d74e',
          size: 528,
        },
      });
      const decided = report.validations.find(({ result }) => result === 'failed' || result === 'logged');
      const expected = {
        valid: undefined,
        expired: { validation: 'expiry', result: level === 'strict' ? 'failed' : 'logged' },
        invalid: { validation: 'integrity', result: 'failed' },
        plugin: { validation: 'plugin', result: 'failed' },
      }[kind];
      const found = decided && { validation: decided.validation, result: decided.result };
      expect({ scheme, kind, level, found }).toEqual({ scheme, kind, level, found: expected });
    }
    countVectors(context, rows.length, rows.length);
  });

  it('timestamped signatures', async (context) => {
    const revocation: RevocationChecker = {
      check: async (chain) => chain.map((certificate) => ({ certificate, status: 'notRevocable', evidence: [] })),
    };
    const rows: [string, string, string, string][] = [
      ['jwsWithTimestamp.sig', 'test-timestamp', 'always', 'trusted'],
      ['coseWithTimestamp.sig', 'test-timestamp', 'always', 'trusted'],
      ['jwsExpiredWithTimestamp.sig', 'test-timestamp', 'always', 'trusted'],
      ['coseExpiredWithTimestamp.sig', 'test-timestamp', 'afterCertExpiry', 'trusted'],
      ['coseExpiredWithTimestamp.sig', '', 'always', 'certificateExpired'],
      ['withoutTimestamp.sig', 'test-timestamp', 'always', 'timestampMissing'],
      ['withoutTimestamp.sig', 'test-timestamp', 'afterCertExpiry', 'trusted'],
      ['jwsWithTimestamp.sig', 'test-mismatch', 'always', 'timestampRefused'],
      ['jwsWithTimestamp.sig', 'test-nonCA', 'always', 'storeRefused'],
      ['timestampBeforeNotBefore.sig', 'test-timestamp', 'always', 'timestampOutsideValidity'],
      ['timestampAfterNotAfter.sig', 'test-timestamp', 'always', 'timestampOutsideValidity'],
    ];
    const directory = directoryTrustStore(vectorPath('notary', 'notation-go/verifier/testdata/truststore'));
    for (const [file, tsa, verifyTimestamp, expected] of rows) {
      const bytes = vectorBytes('notary', 'notation-go/verifier/testdata/timestamp/sigEnv', file);
      const mediaType = bytes[0] === 0x7b ? 'application/jose+json' : 'application/cose';
      const decoded = decodeEnvelope(bytes, mediaType);
      const anchors = memoryTrustStore({ ca: { s: decoded.certificateChain.slice(-1) } });
      const { report } = await verifySignature(bytes, {
        mediaType,
        statement: statement({
          signatureVerification: { level: 'strict', override: { revocation: 'skip' }, verifyTimestamp },
          trustStores: ['ca:s', ...(tsa === '' ? [] : [`tsa:${tsa}`])],
        }),
        trustStore: { certificates: (type, name) => (type === 'tsa' ? directory : anchors).certificates(type, name) },
        revocation,
        now,
        target: decodePayload(decoded.payload) as Descriptor,
      });
      const found = report.validations.find(({ result }) => result === 'failed')?.fact?.fact ?? report.verdict;
      expect({ file, tsa, verifyTimestamp, found }).toEqual({ file, tsa, verifyTimestamp, found: expected });
    }
    countVectors(context, rows.length, rows.length);
  });

  it('verdicts over OCI layouts', async (context) => {
    const anchors = readdirSync(vectorPath('notary', 'notation/test/e2e/testdata/config/localkeys')).flatMap((file) =>
      parseCertificates(vectorBytes('notary', 'notation/test/e2e/testdata/config/localkeys', file)),
    );
    const trustStore = memoryTrustStore({ ca: { s: anchors } });
    const rows: [string, string, string][] = [
      ['e2e', 'strict', 'ERR_TRUST_NO_SIGNATURE'],
      ['e2e-valid-signature', 'strict', 'trusted'],
      ['e2e-valid-multiple-signatures', 'strict', 'trusted'],
      ['e2e-expired-signature', 'strict', 'expiry failed'],
      ['e2e-expired-signature', 'permissive', 'trusted, expiry logged'],
      ['e2e-expired-signature', 'audit', 'trusted, expiry logged'],
      ['e2e-with-expired-cert', 'strict', 'authenticTimestamp failed'],
      ['e2e-with-expired-cert', 'audit', 'trusted, authenticTimestamp logged'],
      ['e2e-invalid-signature', 'strict', 'integrity failed'],
      ['e2e-invalid-signature', 'audit', 'integrity failed'],
      ['e2e-with-timestamped-signature', 'strict', 'authenticity failed'],
    ];
    for (const [layout, level, expected] of rows) {
      const found = await verdictOf(layout, level, trustStore);
      expect({ layout, level, found }).toEqual({ layout, level, found: expected });
    }
    countVectors(context, rows.length, rows.length);
  });
});

async function verdictOf(layout: string, level: string, trustStore: TrustStore): Promise<string> {
  const [repository, artifact] = await openLayout(vectorPath('notary', registry, layout));
  const policy = parseTrustPolicy({
    version: '1.0',
    trustPolicies: [
      {
        name: 'p',
        registryScopes: ['local/e2e'],
        signatureVerification: { level, override: { revocation: 'skip' } },
        trustStores: ['ca:s'],
        trustedIdentities: ['*'],
      },
    ],
  });
  try {
    const { report } = await verifyArtifactSignatures(repository, artifact, {
      policy,
      trustStore,
      now,
      scope: 'local/e2e',
    });
    const logged = decisive(report, 'logged');
    return logged === undefined ? report.verdict : `${report.verdict}, ${logged} logged`;
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    const failed = error.report === undefined ? undefined : decisive(error.report, 'failed');
    return failed === undefined ? error.code : `${failed} failed`;
  }
}

function decisive({ signatures }: TrustReport, result: string): string | undefined {
  return signatures.flatMap(({ validations }) => validations).find((validation) => validation.result === result)
    ?.validation;
}

/** The content of a layout in a repository in memory, and the artifact that its tag v1 names. */
async function openLayout(path: string): Promise<[MemoryRepository, Descriptor]> {
  const repository = memoryRepository('local/e2e');
  const index = JSON.parse(readFileSync(join(path, 'index.json'), 'utf8')) as { manifests: Descriptor[] };
  const known = new Map(index.manifests.map((descriptor) => [descriptor.digest, descriptor.mediaType]));
  for (const hex of readdirSync(join(path, 'blobs/sha256'))) {
    const bytes = readFileSync(join(path, 'blobs/sha256', hex));
    const digest: Digest = `sha256:${hex}`;
    await repository.push(
      { mediaType: known.get(digest) ?? 'application/octet-stream', digest, size: bytes.length },
      bytes,
    );
  }
  const artifact = index.manifests.find((item) => item.annotations?.['org.opencontainers.image.ref.name'] === 'v1');
  if (artifact === undefined) throw new Error(`no tag v1 in ${path}`);
  return [repository, { mediaType: artifact.mediaType, digest: artifact.digest, size: artifact.size }];
}
