import { describeFact } from './describe/fact.js';
import type { IgnoredReferrer, SignatureReport, TrustReport, ValidationReport, ValidUntil } from './report/report.js';

const marks: Readonly<Record<ValidationReport['result'], string>> = {
  passed: 'passed ',
  failed: 'FAILED ',
  logged: 'logged ',
  skipped: 'skipped',
  notRun: 'not run',
};

const verdicts: Readonly<Record<TrustReport['verdict'], string>> = {
  trusted: 'Trusted',
  refused: 'Refused',
  skipped: 'Skipped, not verified',
  undecided: 'Undecided',
};

/**
 * A report as text: the verdict first, then the policy and why it applied, then each signature with its validations, and
 * for each failure what to do.
 */
export function explain(report: TrustReport): string {
  return [
    `${verdicts[report.verdict]}: ${subjectText(report)}`,
    ...timeLines(report),
    ...policyLines(report),
    ...factLines(report),
    ...report.signatures.flatMap((signature, i) => signatureLines(signature, i + 1)),
    ...report.ignored.map(ignoredLine),
    '',
  ].join('\n');
}

function subjectText({ subject }: TrustReport): string {
  if (subject.kind === 'artifact') return `${printable(subject.repository)}@${subject.digest}`;
  return subject.digest === undefined ? 'a blob' : `a blob, ${subject.digest}`;
}

function timeLines({ now, at, validUntil }: TrustReport): readonly string[] {
  return [
    at === undefined ? `  at ${now}` : `  as of ${at}, verified at ${now}`,
    ...(validUntil === undefined ? [] : [`  ${untilText(validUntil)}`]),
  ];
}

const reasons: Readonly<Record<ValidUntil['reason'], string>> = {
  signatureExpiry: 'the signature expires',
  certificateExpiry: 'a certificate expires',
  revocationEvidence: 'the evidence about revocation is out of date',
  statementExpiry: 'the statement of the policy expires',
};

function untilText({ time, reason, certificate }: ValidUntil): string {
  const which = certificate === undefined ? '' : ` (${printable(certificate.subject)})`;
  return `holds until ${time}, when ${reasons[reason]}${which}`;
}

function policyLines({ policy }: TrustReport): readonly string[] {
  const why = {
    scope: `its scope is ${printable(policy.matched)}`,
    wildcard: 'it has the scope "*" and no statement names the repository',
    name: 'it was asked for by name',
    global: 'it is the global statement',
    given: 'it was given',
  }[policy.matchedBy];
  return [
    `  policy: statement "${printable(policy.statement)}", level ${levelText(policy)}, because ${why}`,
    ...policy.warnings.map(({ message }) => `  warning: ${printable(message)}`),
  ];
}

/** A custom level by its actions: its name alone says nothing. */
function levelText({ level, actions }: TrustReport['policy']): string {
  if (level !== 'custom') return level;
  const each = Object.entries(actions).map(([type, action]) => `${type} ${action}`);
  return `custom (${each.join(', ')})`;
}

function factLines({ fact, remedy }: TrustReport): readonly string[] {
  if (fact === undefined) return [];
  return [
    `  why: ${printable(describeFact(fact).message)}`,
    ...(remedy === undefined ? [] : [`  do:  ${printable(remedy)}`]),
  ];
}

function signatureLines(signature: SignatureReport, number: number): readonly string[] {
  const { manifest, signer, scheme, claimedSigningTime, authenticSigningTime } = signature;
  const when =
    authenticSigningTime === undefined
      ? claimedSigningTime === undefined
        ? ''
        : `, claims to be signed at ${claimedSigningTime}`
      : `, signed at ${authenticSigningTime}`;
  return [
    `signature ${number}: ${signature.verdict}${manifest === undefined ? '' : `, ${manifest}`}`,
    ...(signer === undefined ? [] : [`  by ${printable(signer.subject)} (${scheme}${when})`]),
    ...signature.validations.flatMap(validationLines),
  ];
}

function validationLines({ validation, result, message, remedy }: ValidationReport): readonly string[] {
  const line = `  ${marks[result]} ${validation}: ${printable(message)}`;
  return remedy === undefined ? [line] : [line, `          do: ${printable(remedy)}`];
}

function ignoredLine({ digest, fact }: IgnoredReferrer): string {
  return `ignored: ${digest}: ${printable(describeFact(fact).message)}`;
}

/** One line, whatever others wrote into it. */
function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/g,
    (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    },
  );
}
