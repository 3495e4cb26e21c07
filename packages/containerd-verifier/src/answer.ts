import { isCodedError, isTimeout } from '@notarykit/common/internal';
import { explain } from '@notarykit/trust-policy/internal';
import { helpOf } from 'notarykit/internal';
import type { Judgement } from './judge/judge.js';
import type { PullRequest } from './request/pull-request.js';
import type { Settings } from './settings/settings.js';

/** Exit codes: zero lets containerd pull the image, every other one does not. */
export const verifierExitCodes: {
  /** Trusted, or skipped by the policy where the settings allow that. */
  readonly allowed: 0;
  /** Not trusted, or no statement of the policy has a scope for it. */
  readonly refused: 1;
  /** The request of containerd cannot be read. */
  readonly request: 2;
  /** There is no verdict: settings, registry or services of revocation failed, or a timeout. */
  readonly undecided: 3;
} = { allowed: 0, refused: 1, request: 2, undecided: 3 };

/** What the verifier answers to containerd. */
export interface VerifierAnswer {
  /** One of {@link verifierExitCodes}. */
  readonly exitCode: number;
  /** One line for the standard output, which containerd reports as the reason. */
  readonly reason: string;
  /** For the log: the report in words, and the address of the page about an error; empty where there is neither. */
  readonly details: string;
}

/** The answer of a judgement. */
export function answerOf(
  judged: Judgement,
  { repository, descriptor }: PullRequest,
  settings: Settings,
): VerifierAnswer {
  const { verdict, report } = judged;
  const image = `${repository}@${descriptor.digest}`;
  const details = `${report === undefined ? '' : explain(report)}${more(judged.code)}`;
  const answer = (exitCode: number, text: string): VerifierAnswer => ({ exitCode, reason: line(text), details });
  if (verdict === 'trusted') return answer(verifierExitCodes.allowed, `trusted: ${image}, ${whyTrusted(judged)}`);
  if (verdict === 'skipped' && settings.allowSkipped)
    return answer(verifierExitCodes.allowed, `not verified: ${image}, as statement "${statementOf(judged)}" says`);
  if (verdict === 'skipped') return answer(verifierExitCodes.refused, skipped(image, statementOf(judged)));
  const said = `${image}: ${judged.code ?? ''}: ${judged.message ?? ''}`;
  return verdict === 'refused'
    ? answer(verifierExitCodes.refused, `refused: ${said}`)
    : answer(verifierExitCodes.undecided, `no verdict: ${said}`);
}

function whyTrusted({ report, cached }: Judgement): string {
  const signer = report?.signatures.find(({ verdict }) => verdict === 'trusted')?.signer;
  const by = signer === undefined ? '' : `signed by ${signer.subject}, `;
  return `${by}statement "${report?.policy.statement ?? ''}"${cached ? ' (remembered)' : ''}`;
}

const statementOf = ({ report }: Judgement): string => report?.policy.statement ?? '';

function skipped(image: string, statement: string): string {
  return `refused: ${image}: statement "${statement}" says to verify nothing; "allowSkipped" in verifier.json lets such images pass`;
}

/** The answer where there is no judgement. */
export function failureOf(error: unknown, timeoutMs: number): VerifierAnswer {
  const details = more(error);
  const answer = (exitCode: number, text: string): VerifierAnswer => ({ exitCode, reason: line(text), details });
  if (isTimeout(error)) return answer(verifierExitCodes.undecided, `no verdict: timed out after ${timeoutMs / 1000} s`);
  if (!isCodedError(error))
    return answer(verifierExitCodes.undecided, `no verdict: ${error instanceof Error ? error.message : String(error)}`);
  const said = `${error.code}: ${error.message}`;
  if (error.code === 'ERR_VERIFIER_REQUEST') return answer(verifierExitCodes.request, `no verdict: ${said}`);
  if (error.code === 'ERR_TRUST_NO_STATEMENT') return answer(verifierExitCodes.refused, `refused: ${said}`);
  return answer(verifierExitCodes.undecided, `no verdict: ${said}`);
}

/** Where the page about an error is, as a line of the log. */
function more(error: unknown): string {
  const help = helpOf(error);
  return help === undefined ? '' : `more: ${help}\n`;
}

/** Well below what containerd reads of the standard output, and in one line of its log. */
const longest = 4096;

/** Others choose the names of statements and signers: no control characters, and no marks that change the direction of writing. */
function line(text: string): string {
  const one = text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/g, ' ');
  return one.length <= longest ? one : `${one.slice(0, longest - 1)}…`;
}
