import { explain, type TrustReport } from '@notarykit/trust-policy/internal';
import type { Markup } from './markup.js';
import { facts, type Mood, marked, page, table, verbatim } from './page.js';

type Signature = TrustReport['signatures'][number];
type Validation = Signature['validations'][number];

const titles: Readonly<Record<TrustReport['verdict'], string>> = {
  trusted: 'Trusted',
  refused: 'Refused',
  skipped: 'Skipped: nothing was verified',
  undecided: 'Undecided',
};
const moods: Readonly<Record<Validation['result'], Mood>> = {
  passed: 'yes',
  failed: 'no',
  logged: 'no',
  skipped: 'neutral',
  notRun: 'neutral',
};

/** A verdict as a page: who signed, what each validation found, what ends when, and what to do. */
export function trustPage(report: TrustReport): string {
  const { subject, verdict } = report;
  const name = subject.kind === 'artifact' ? `${subject.repository}@${subject.digest}` : (subject.digest ?? 'a blob');
  return page(`${titles[verdict]}: ${name}`, verdict === 'trusted' ? 'yes' : 'no', [
    verdictFacts(report),
    ...report.signatures.map(signaturePart),
    ...(report.ignored.length === 0 ? [] : [ignoredPart(report)]),
    verbatim('In words', explain(report)),
  ]);
}

function verdictFacts({ now, at, policy, validUntil, remedy }: TrustReport): Markup {
  return facts('Verdict', [
    ['verified at', now],
    ['as of', at],
    ['holds until', validUntil && `${validUntil.time} (${validUntil.reason})`],
    ['statement of the policy', `${policy.statement}, level ${policy.level}, by ${policy.matchedBy} ${policy.matched}`],
    ['digest of the policy', policy.digest],
    ['to do', remedy],
  ]);
}

function signaturePart({ manifest, verdict, signer, validations, claimedSigningTime }: Signature, i: number): Markup {
  const who = `${signer?.subject ?? 'an unknown signer'}${claimedSigningTime === undefined ? '' : `, claims to be signed at ${claimedSigningTime}`}`;
  return table(
    `Signature ${i + 1}: ${verdict}, ${manifest ?? 'detached'}, by ${who}`,
    ['validation', 'result', 'why', 'to do'],
    validations.map(({ validation, result, message, remedy }) => [
      validation,
      marked(moods[result], result),
      message,
      remedy,
    ]),
  );
}

function ignoredPart({ ignored }: TrustReport): Markup {
  return table(
    'Set aside',
    ['digest', 'why'],
    ignored.map(({ digest, fact }) => [digest, JSON.stringify(fact)]),
  );
}
