import { join } from 'node:path';
import { encodeBase64, isCodedError } from '@notarykit/common';
import type { CertificateStatus, RevocationChecker, RevocationStatus } from '@notarykit/pki';
import { parseTrustPolicy, type SignatureReport, selectStatement, verifySignature } from '@notarykit/trust-policy';
import { directoryTrustStore } from '@notarykit/trust-policy/node';
import { peer } from '../../../scripts/peers.mjs';
import { succeed } from '../support/program.js';
import { type Case, referenceOf, targetOf, type Verdict } from './case.js';
import { onlineChecker } from './online.js';

const allGood = ['good', 'good', 'notRevocable'];

/** What notation-go says of many cases: one process, one line a case. */
export async function theirVerdicts(cases: readonly Case[], config: string): Promise<readonly Verdict[]> {
  const lines = cases.map((one) => questionOf(one, config));
  const output = await succeed(await peer('notation-go'), [], { input: `${lines.join('\n')}\n` });
  const verdicts = output.trim().split('\n').map(readVerdict);
  if (verdicts.length !== cases.length) throw new Error(`expected ${cases.length} verdicts, found ${verdicts.length}`);
  return verdicts;
}

function questionOf(one: Case, config: string): string {
  const question = {
    config,
    envelope: encodeBase64(one.envelope.bytes),
    mediaType: one.envelope.mediaType,
    target: targetOf(one),
    reference: referenceOf(one),
    metadata: one.metadata ?? {},
    revocation: one.revocation ?? allGood,
    online: one.online ?? 0,
    leaf: one.leaf === undefined ? null : encodeBase64(one.leaf),
  };
  // The policy as it is: its text may say what no object can.
  const policy = typeof one.policy === 'string' ? one.policy : JSON.stringify(one.policy);
  return `{"policy":${policy},${JSON.stringify(question).slice(1)}`;
}

function readVerdict(line: string): Verdict {
  const { verdict, failed, logged, error = '' } = JSON.parse(line) as Omit<Verdict, 'reason'> & { error?: string };
  return { verdict, failed, logged: [...logged].sort(), reason: error };
}

const specified = ['integrity', 'authenticity', 'authenticTimestamp', 'expiry', 'revocation'];

/** What we say of a case. */
export async function ourVerdict(one: Case, config: string): Promise<Verdict> {
  try {
    const { statement } = selectStatement(parseTrustPolicy(one.policy), referenceOf(one).replace(/@.*/, ''));
    if (statement.level.base === 'skip') return { verdict: 'skipped', logged: [], reason: '' };
    const { report } = await verifySignature(one.envelope.bytes, {
      mediaType: one.envelope.mediaType,
      statement,
      target: targetOf(one),
      trustStore: directoryTrustStore(join(config, 'truststore')),
      revocation: one.online === undefined ? statusChecker(one.revocation ?? allGood) : onlineChecker(one.online),
      metadata: one.metadata ?? {},
    });
    return summarize(report);
  } catch (error) {
    if (!isCodedError(error)) throw error;
    const verdict = error.code === 'ERR_TRUST_NO_STATEMENT' ? 'noStatement' : 'policy';
    return { verdict, logged: [], reason: `${error.code} ${error.message}` };
  }
}

/** Answers with the statuses that a case names: both sides are given the same. */
function statusChecker(statuses: readonly string[]): RevocationChecker {
  return {
    check: async (chain) =>
      chain.map((certificate, i): CertificateStatus => {
        return { certificate, status: (statuses[i] ?? 'good') as RevocationStatus, evidence: [] };
      }),
  };
}

function summarize({ verdict, validations }: SignatureReport): Verdict {
  const failed = validations.find(({ result }) => result === 'failed')?.validation;
  const logged = validations.filter(({ result }) => result === 'logged');
  return {
    // The notation program has one word for both.
    verdict: verdict === 'undecided' ? 'refused' : verdict,
    failed: failed === undefined || specified.includes(failed) ? failed : 'other',
    logged: logged.map(({ validation }) => validation).sort(),
    reason: validations.flatMap(({ fact }) => (fact === undefined ? [] : [JSON.stringify(fact)])).join(' | '),
  };
}
