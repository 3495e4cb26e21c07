import { defined, formatTime } from '@notarykit/common/internal';
import type { VerifiedEnvelope } from '@notarykit/signature-envelope/internal';
import { describeFact } from '../describe/fact.js';
import { type ValidationAction, type ValidationActions, validationTypes } from '../levels.js';
import { certificateFact } from '../report/certificate.js';
import type { ReportedValidation, SignatureReport, ValidationReport, ValidUntil } from '../report/report.js';
import { verdictOnFailure } from '../report/undecided.js';
import type { Check, Until } from './check.js';

/** Collects what the validations of one signature found. */
export interface Recorder {
  /** Records a validation under its action. */
  record(validation: ReportedValidation, check: Check): void;
  /** Adds what a plugin said to a validation: a failure replaces what was recorded, unless that failed already. */
  amend(validation: ReportedValidation, check: Check): void;
  /** Whether an enforced validation failed. */
  refused(): boolean;
  report(envelope?: VerifiedEnvelope): SignatureReport;
}

/** A recorder for one signature. */
export function createRecorder(mediaType: string, actions: ValidationActions): Recorder {
  const found = new Map<ReportedValidation, ValidationReport>();
  const untils: Until[] = [];
  const actionOf = (validation: ReportedValidation): ValidationAction =>
    Object.hasOwn(actions, validation) ? actions[validation as keyof ValidationActions] : 'enforce';
  const record = (validation: ReportedValidation, check: Check): void => {
    found.set(validation, toReport(validation, actionOf(validation), check));
    untils.push(...(check.until ?? []));
  };
  const refused = (): boolean => [...found.values()].some(({ result }) => result === 'failed');
  return {
    record,
    amend(validation, check) {
      const before = found.get(validation);
      if (check.fact === undefined && before?.fact !== undefined) return;
      record(validation, { ...check, evidence: [...(before?.evidence ?? []), ...(check.evidence ?? [])] });
    },
    refused,
    report(envelope) {
      // A signature is trusted only when it went through every step and none refused it.
      const trusted = envelope !== undefined && found.has('target') && !refused();
      const until = trusted ? earliest(untils) : undefined;
      const renewBy =
        until?.reason === 'revocationEvidence'
          ? earliest(untils.filter(({ reason }) => reason !== 'revocationEvidence'))
          : undefined;
      const types = validationTypes.map((type) => found.get(type) ?? notRun(type, actionOf(type)));
      const validations = [...types, ...others(found)];
      return {
        verdict: trusted ? 'trusted' : verdictOnFailure({ validations }),
        mediaType,
        ...(envelope === undefined ? {} : envelopeFacts(envelope)),
        validations,
        ...defined({ validUntil: until, renewBy }),
      };
    },
  };
}

function others(found: ReadonlyMap<ReportedValidation, ValidationReport>): readonly ValidationReport[] {
  const target = found.get('target') ?? notRun('target', 'enforce');
  return [found.get('plugin') ?? [], target, found.get('userMetadata') ?? []].flat();
}

function notRun(validation: ReportedValidation, action: ValidationAction): ValidationReport {
  return { validation, action, result: 'notRun', message: 'not reached: an earlier validation failed', evidence: [] };
}

function toReport(validation: ReportedValidation, action: ValidationAction, check: Check): ValidationReport {
  const { fact, skipped, message = '', evidence = [] } = check;
  if (skipped !== undefined) return { validation, action, result: 'skipped', message: skipped, evidence };
  if (fact === undefined) return { validation, action, result: 'passed', message, evidence };
  return { validation, action, result: action === 'log' ? 'logged' : 'failed', fact, ...describeFact(fact), evidence };
}

function earliest(untils: readonly Until[]): ValidUntil | undefined {
  const [first] = [...untils].sort((a, b) => a.time.getTime() - b.time.getTime());
  if (first === undefined) return undefined;
  const { time, reason, certificate } = first;
  return {
    time: formatTime(time),
    reason,
    ...(certificate === undefined ? {} : { certificate: certificateFact(certificate) }),
  };
}

function envelopeFacts({ signedAttributes, unsignedAttributes, certificateChain }: VerifiedEnvelope) {
  const { signingScheme, signingTime, authenticSigningTime, expiry } = signedAttributes;
  const leaf = certificateChain[0];
  return {
    scheme: signingScheme,
    ...(leaf === undefined ? {} : { signer: certificateFact(leaf) }),
    ...(signingTime === undefined ? {} : { claimedSigningTime: formatTime(signingTime) }),
    ...(authenticSigningTime === undefined ? {} : { authenticSigningTime: formatTime(authenticSigningTime) }),
    ...(expiry === undefined ? {} : { expiry: formatTime(expiry) }),
    ...defined({ signingAgent: unsignedAttributes.signingAgent }),
  };
}
