import { isCodedError, type VerdictName } from '@notarykit/common';
import { TrustError, type TrustReport } from '@notarykit/trust-policy';

/** What the page shows: a verdict, its report, or why there is none. */
export interface Answer {
  readonly verdict: VerdictName;
  readonly message: string;
  /** What was asked about: a reference, or the name of a file. */
  readonly artifact?: string;
  /** The digest that the verdict is about. */
  readonly digest?: string;
  readonly report?: TrustReport;
}

/** Runs a verification; a refusal is an answer like any other, and what cannot be decided is never trusted. */
export async function answerOf(
  verification: () => Promise<{ readonly verdict: 'trusted' | 'skipped'; readonly report: TrustReport }>,
): Promise<Answer> {
  try {
    const { verdict, report } = await verification();
    const message = verdict === 'trusted' ? 'trusted by the policy' : 'the policy has level skip: nothing was verified';
    return { verdict, report, message, ...digestOf(report) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const report = error instanceof TrustError ? error.detail?.report : undefined;
    const refused = isCodedError(error) && error.code.startsWith('ERR_TRUST_NO') && report?.verdict !== 'undecided';
    return {
      verdict: refused ? 'refused' : 'undecided',
      message,
      ...(report === undefined ? {} : { report, ...digestOf(report) }),
    };
  }
}

function digestOf({ subject }: TrustReport): { readonly digest?: string } {
  return subject.digest === undefined ? {} : { digest: subject.digest };
}
