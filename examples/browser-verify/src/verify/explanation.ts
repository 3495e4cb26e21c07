import type { SignatureReport, TrustReport } from '@notarykit/trust-policy';
import type { Answer } from './answer.js';

/** A line of the explanation, with what it rests on. */
export interface ExplanationNode {
  readonly state: string;
  readonly text: string;
  readonly children: readonly ExplanationNode[];
}

/** Signs before a line, which say the same as its colour. */
const signs: Readonly<Record<string, string>> = {
  trusted: '✓',
  passed: '✓',
  refused: '✗',
  failed: '✗',
  undecided: '?',
  logged: '!',
  skipped: '–',
  notRun: '–',
};
const words: Readonly<Record<string, string>> = {
  notRun: 'not run',
  logged: 'failed, only logged',
};

/** A state for people who see no colours: a sign and a word. */
export function stateText(state: string): string {
  const sign = signs[state];
  return sign === undefined ? '' : `${sign} ${words[state] ?? state}: `;
}

/** The headline of an answer: the verdict, about which artifacts, with which digests. */
export function headlineOf({ verdict, subjects }: Answer): string {
  const about = subjects.map(({ artifact, digest }) => (digest === undefined ? artifact : `${artifact} (${digest})`));
  return `${signs[verdict] ?? ''} ${verdict}: ${about.join(', ')}`;
}

/** The explanation of an answer as a tree. Several reports have a branch each. */
export function explanationOf({ verdict, message, reports }: Answer): ExplanationNode {
  const [first, ...more] = reports;
  if (first === undefined) return { state: verdict, text: message, children: [] };
  return { state: verdict, text: message, children: more.length === 0 ? reasonsOf(first) : reports.map(reportNode) };
}

const reasonsOf = (report: TrustReport): readonly ExplanationNode[] => [
  policyNode(report),
  ...report.signatures.map(signatureNode),
];

function reportNode(report: TrustReport): ExplanationNode {
  const { digest = '' } = report.subject;
  return { state: report.verdict, text: digest, children: reasonsOf(report) };
}

function policyNode({ policy }: TrustReport): ExplanationNode {
  const { statement, level, matched, trustStores, trustedIdentities } = policy;
  const text = `statement "${statement}", level ${level}, because of ${matched}`;
  const leaves = [`stores: ${trustStores.join(', ')}`, `identities: ${trustedIdentities.join(', ')}`];
  return { state: 'policy', text, children: leaves.map((leaf) => ({ state: 'policy', text: leaf, children: [] })) };
}

function signatureNode({ verdict, signer, manifest, validations }: SignatureReport): ExplanationNode {
  const who = signer === undefined ? 'signer unknown' : `by ${signer.subject}`;
  const children = validations.map(({ validation, result, message, remedy }) => ({
    state: result,
    text: `${validation}: ${message}`,
    children: remedy === undefined ? [] : [{ state: 'remedy', text: remedy, children: [] }],
  }));
  return { state: verdict, text: `signature ${manifest ?? ''} ${who}`, children };
}
