import { isCodedError, type VerdictName } from '@notarykit/common';
import { TrustError, type TrustReport } from '@notarykit/trust-policy';
import { helpOf } from 'notarykit';

/** What a verdict is about: a reference or the name of a file, and the digest as far as it is known. */
export interface Subject {
  readonly artifact: string;
  readonly digest?: string;
}

/** What the page shows: a verdict, its reports, or why there is none. */
export interface Answer {
  readonly verdict: VerdictName;
  readonly message: string;
  readonly subjects: readonly Subject[];
  readonly reports: readonly TrustReport[];
  /** The address of the page about an error. */
  readonly help?: string;
}

/** What a verification finds. */
export interface Found {
  readonly verdict: 'trusted' | 'skipped';
  readonly reports: readonly TrustReport[];
  /** Default: what was asked about, with the digest of the first report. */
  readonly subjects?: readonly Subject[];
}

/** Runs a verification; a refusal is an answer like any other, and what cannot be decided is never trusted. */
export async function answerOf(artifact: string, verification: () => Promise<Found>): Promise<Answer> {
  try {
    const { verdict, reports, subjects = [subjectOf(artifact, reports[0])] } = await verification();
    const message = verdict === 'trusted' ? 'trusted by the policy' : 'the policy has level skip: nothing was verified';
    return { verdict, reports, message, subjects };
  } catch (error) {
    return refusalOf(artifact, error);
  }
}

function refusalOf(artifact: string, error: unknown): Answer {
  const report = error instanceof TrustError ? error.detail?.report : undefined;
  const help = helpOf(error);
  return {
    verdict: report?.verdict !== 'undecided' && isRefusal(error) ? 'refused' : 'undecided',
    message: error instanceof Error ? error.message : String(error),
    subjects: [subjectOf(artifact, report)],
    reports: report === undefined ? [] : [report],
    ...(help === undefined ? {} : { help }),
  };
}

/** Whether the error is a refusal; any other error leaves the verdict undecided. */
function isRefusal(error: unknown): boolean {
  if (error instanceof TrustError) return error.isVerdict;
  return isCodedError(error) && error.code === 'ERR_NOTARYKIT_BUNDLE';
}

function subjectOf(artifact: string, report: TrustReport | undefined): Subject {
  const digest = report?.subject.digest;
  return digest === undefined ? { artifact } : { artifact, digest };
}
