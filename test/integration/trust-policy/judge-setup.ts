import type { Certificate, CertificateStatus, RevocationChecker } from '@notarykit/pki';
import {
  type Fact,
  type SignatureReport,
  type TrustStore,
  type VerificationPlugin,
  verifySignature,
} from '@notarykit/trust-policy';
import { expect } from 'vitest';
import { createLab, type Lab, type PolicyPatch, type Signed, statement } from './lab.js';

export const signedAt: Date = new Date('2026-01-01T00:00:00Z');
export const now: Date = new Date('2026-06-01T00:00:00Z');
export const expiry: Date = new Date('2027-01-01T00:00:00Z');

/** What differs from the plain case: a good signature under a strict policy. */
export interface JudgeOptions {
  readonly signature?: Signed;
  readonly policy?: PolicyPatch;
  readonly trustStore?: TrustStore;
  readonly now?: Date;
  readonly at?: Date;
  readonly metadata?: Record<string, string>;
  readonly revocation?: RevocationChecker;
  readonly plugins?: readonly VerificationPlugin[];
  readonly mediaType?: string;
}

/** A lab with a good signature of each scheme, and the verdict of the verifier on them. */
export interface JudgeSetup {
  readonly lab: Lab;
  readonly signed: Signed;
  readonly authority: Signed;
  judge(given?: JudgeOptions): Promise<SignatureReport>;
}

export async function createJudge(): Promise<JudgeSetup> {
  const lab = await createLab();
  const signed = await lab.sign({ now: signedAt, expiry, metadata: { build: '7' } });
  const authority = await lab.sign({ now: signedAt, scheme: 'notary.x509.signingAuthority' });
  return { lab, signed, authority, judge: (given = {}) => judge(lab, signed, given) };
}

async function judge(lab: Lab, plain: Signed, given: JudgeOptions): Promise<SignatureReport> {
  const { signature = plain, policy = {}, trustStore = lab.anchors, ...options } = given;
  const outcome = await verifySignature(signature.envelope, {
    mediaType: signature.mediaType,
    statement: statement(policy),
    trustStore,
    now,
    target: lab.artifact,
    ...options,
  });
  expect(outcome.trusted).toBe(outcome.report.verdict === 'trusted');
  return outcome.report;
}

/** The validation that refused, and its fact. */
export function refusal({ verdict, validations }: SignatureReport): { validation: string; fact: Fact } | undefined {
  const failed = validations.find(({ result }) => result === 'failed');
  if (failed === undefined) {
    expect(verdict).toBe('trusted');
    return undefined;
  }
  const facts = validations.flatMap(({ result, fact }) => (result === 'failed' && fact ? [fact] : []));
  expect(verdict).toBe(facts.some(isUnknown) ? 'undecided' : 'refused');
  expect(failed.message.length).toBeGreaterThan(0);
  expect(failed.remedy?.length).toBeGreaterThan(0);
  return { validation: failed.validation, fact: failed.fact as Fact };
}

/** What could not be found out, and what says nothing about the signature. */
function isUnknown(fact: Fact): boolean {
  if (fact.fact === 'pluginRefused') return fact.problem === 'failed' || fact.problem === 'noResult';
  return ['storeRefused', 'revocationUnavailable', 'revocationNotChecked'].includes(fact.fact);
}

/** A checker that gives the leaf a status and says of the others that they are good. */
export function revocationOf(
  status: CertificateStatus['status'],
  patch: Partial<CertificateStatus['evidence'][0]> = {},
): RevocationChecker {
  return {
    async check(chain) {
      return chain.map((certificate, i) => ({
        certificate,
        status: i === 0 ? status : 'good',
        evidence:
          i === 0 && status !== 'notRevocable'
            ? [
                {
                  method: 'ocsp',
                  url: 'http://ocsp.test/',
                  outcome: status,
                  thisUpdate: now,
                  nextUpdate: new Date('2026-06-02T00:00:00Z'),
                  ...patch,
                },
              ]
            : [],
      }));
    },
  };
}

export const enforceRevocation: PolicyPatch = { signatureVerification: { level: 'strict' } };
export const leafOf = ({ verified }: Signed): Certificate => verified.certificateChain[0] as Certificate;
