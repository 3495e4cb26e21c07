import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCodedError } from '@notarykit/common';
import type { CertificateStatus, RevocationChecker, RevocationStatus } from '@notarykit/pki';
import { parseTrustPolicy, type SignatureReport, selectStatement, verifySignature } from '@notarykit/trust-policy';
import { directoryTrustStore } from '@notarykit/trust-policy/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { stricterEnvelopes } from '../conformance/notary-stricter.js';
import { vectorTest } from '../vectors.js';
import {
  base64,
  type Circumstances,
  circumstances,
  type Envelope,
  makeAuthorities,
  makeEnvelopes,
  policyCases,
  repositoryName,
  target,
  vectorEnvelopes,
  vectorPolicies,
} from './notation-differential/cases.js';
import { temporaryFolder } from './support/folder.js';
import { succeed } from './support/program.js';

/** What both sides say of a case: the verdict, the validation that decided, those that failed and were logged. */
interface Verdict {
  readonly verdict: string;
  readonly failed: string | undefined;
  readonly logged: readonly string[];
}

interface Case {
  readonly name: string;
  readonly policy: object;
  readonly envelope: Envelope;
  readonly around: Circumstances;
  readonly parity: string | undefined;
}

const config = temporaryFolder();
const allGood = ['good', 'good', 'notRevocable'];

function policyOf(around: Circumstances, store: string): object {
  const statement = {
    name: 'p',
    registryScopes: [repositoryName],
    signatureVerification: { level: 'strict' },
    trustStores: [`ca:${store}`, `signingAuthority:${store}`],
    trustedIdentities: ['x509.subject:C=US,ST=WA,O=NotaryKit Test'],
    ...around.statement,
  };
  return { version: '1.0', trustPolicies: [statement] };
}

const referenceOf = ({ reference }: Circumstances): string => reference ?? `${repositoryName}@${target.digest}`;

async function theirs(cases: readonly Case[]): Promise<readonly Verdict[]> {
  const lines = cases.map(({ policy, envelope, around }) =>
    JSON.stringify({
      policy,
      config,
      envelope: base64(envelope.bytes),
      mediaType: envelope.mediaType,
      target,
      reference: referenceOf(around),
      metadata: around.metadata ?? {},
      revocation: around.revocation ?? allGood,
    }),
  );
  const output = await succeed(await peer('notation-go'), [], { input: `${lines.join('\n')}\n` });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict)
    .map(({ verdict, failed, logged }) => ({ verdict, failed, logged: [...logged].sort() }));
}

function revocationOf(statuses: readonly string[]): RevocationChecker {
  return {
    check: async (chain) =>
      chain.map((certificate, i): CertificateStatus => {
        return { certificate, status: (statuses[i] ?? 'good') as RevocationStatus, evidence: [] };
      }),
  };
}

const specified = ['integrity', 'authenticity', 'authenticTimestamp', 'expiry', 'revocation'];

function summarize({ verdict, validations }: SignatureReport): Verdict {
  const failed = validations.find(({ result }) => result === 'failed')?.validation;
  return {
    verdict,
    failed: failed === undefined || specified.includes(failed) ? failed : 'other',
    logged: validations
      .filter(({ result }) => result === 'logged')
      .map(({ validation }) => validation)
      .sort(),
  };
}

async function ours({ policy, envelope, around }: Case): Promise<Verdict> {
  const none = { failed: undefined, logged: [] };
  try {
    const { statement } = selectStatement(parseTrustPolicy(policy), referenceOf(around).replace(/@.*/, ''));
    if (statement.level.base === 'skip') return { verdict: 'skipped', ...none };
    const { report } = await verifySignature(envelope.bytes, {
      mediaType: envelope.mediaType,
      statement,
      target,
      trustStore: directoryTrustStore(join(config, 'truststore')),
      revocation: revocationOf(around.revocation ?? allGood),
      metadata: around.metadata ?? {},
    });
    return summarize(report);
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return { verdict: error.code === 'ERR_TRUST_NO_STATEMENT' ? 'noStatement' : 'policy', ...none };
  }
}

/** Differences that docs/parity.md does not name: there, we may refuse what they accept, never the reverse. */
async function differences(cases: readonly Case[]): Promise<readonly unknown[]> {
  const parity = readFileSync(new URL('../../docs/parity.md', import.meta.url), 'utf8');
  const verdicts = await theirs(cases);
  expect(verdicts).toHaveLength(cases.length);
  const found: unknown[] = [];
  for (const [i, one] of cases.entries()) {
    const [we, they] = [await ours(one), verdicts[i] as Verdict];
    if (JSON.stringify(we) === JSON.stringify({ verdict: they.verdict, failed: they.failed, logged: they.logged }))
      continue;
    const stricter = we.verdict !== 'trusted' && one.parity !== undefined && parity.includes(one.parity);
    if (!stricter) found.push({ name: one.name, we, they });
  }
  return found;
}

function put(type: string, name: string, ...certificates: readonly Uint8Array[]): void {
  const folder = join(config, 'truststore', 'x509', type, name);
  mkdirSync(folder, { recursive: true });
  for (const [i, bytes] of certificates.entries()) writeFileSync(join(folder, `${i}.crt`), bytes);
}

describe('notation-differential', () => {
  let envelopes: readonly Envelope[];
  let compared = 0;

  beforeAll(async () => {
    const { lab, other } = await makeAuthorities();
    envelopes = await makeEnvelopes(lab);
    const leaf = await lab.issueLeaf();
    for (const type of ['ca', 'signingAuthority', 'tsa']) {
      put(type, 'lab', lab.root.certificate);
      put(type, 'other', other.root.certificate);
      put(type, 'intermediate', lab.issuer.certificate);
      put(type, 'leaf', leaf.certificate);
      put(type, 'empty');
      put(type, 'broken', lab.root.certificate, new TextEncoder().encode('broken'));
    }
  });

  const compare = async (cases: readonly Case[]): Promise<void> => {
    compared += cases.length;
    expect(await differences(cases)).toEqual([]);
  };

  test('signatures that hold or fail one rule, under every circumstance', async () => {
    const chosen = envelopes.filter(({ name }) => !/byte|cut|empty|, as /.test(name));
    const cases = chosen.flatMap((envelope) =>
      circumstances.map((around) => ({
        name: `${envelope.name}; ${around.name}`,
        policy: policyOf(around, 'lab'),
        envelope,
        around,
        parity: envelope.parity ?? around.parity,
      })),
    );
    await compare(cases);
  });

  test('changed envelopes', async () => {
    const changed = envelopes.filter(({ name }) => /byte|cut|empty|, as /.test(name));
    const levels = circumstances.filter(({ name }) => ['strict', 'audit'].includes(name));
    await compare(
      changed.flatMap((envelope) =>
        levels.map((around) => ({
          name: `${envelope.name}; ${around.name}`,
          policy: policyOf(around, 'lab'),
          envelope,
          around,
          parity: envelope.parity,
        })),
      ),
    );
  });

  vectorTest('notary', 'the envelopes of the vectors, with any identity', async () => {
    const any = { trustedIdentities: ['*'] };
    const around: readonly Circumstances[] = [
      { name: 'strict', statement: any },
      { name: 'audit', statement: { ...any, signatureVerification: { level: 'audit' } } },
    ];
    const cases = vectorEnvelopes(stricterEnvelopes).flatMap((envelope) => {
      const { anchor, store = 'lab' } = envelope;
      if (anchor !== undefined) for (const type of ['ca', 'signingAuthority']) put(type, store, anchor);
      return around.map((one) => ({
        name: `${envelope.name}; ${one.name}`,
        policy: policyOf(one, store),
        envelope,
        around: one,
        parity: envelope.parity,
      }));
    });
    await compare(cases);
  });

  const compareDocuments = (cases: ReturnType<typeof policyCases>): Promise<void> => {
    const envelope = envelopes[0] as Envelope;
    const around = { name: 'document', reference: `nowhere.test/x@${target.digest}` };
    return compare(
      cases.map(({ name, document, parity }) => ({ name, policy: document as object, envelope, around, parity })),
    );
  };

  test('policy documents', () => compareDocuments(policyCases()));

  vectorTest('notary', 'the policy documents of the vectors', () => compareDocuments(vectorPolicies()));

  vectorTest('notary', 'enough cases were compared', async () => {
    process.stdout.write(`notation-differential: ${compared} cases compared\n`);
    expect(compared).toBeGreaterThanOrEqual(300);
  });
});
