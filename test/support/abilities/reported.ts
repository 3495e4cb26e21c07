import { isCodedError } from '@notarykit/common';
import { explain, TrustError, type TrustReport } from '@notarykit/trust-policy';
import type { Reported } from './policies.js';

/** What a verb tells that resolves for what is trusted, and rejects with a coded error for what is not. */
export async function reported(run: Promise<{ readonly report?: TrustReport }>): Promise<Reported> {
  try {
    const { report } = await run;
    return { verdict: 'trusted', explanation: report === undefined ? '' : explain(report) };
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return { verdict: 'refused', explanation: [error.message, reportOf(error)].join('\n') };
  }
}

/** The report of a refusal, or of what caused it. */
function reportOf(error: Error): string {
  if (error instanceof TrustError && error.detail?.report !== undefined) return explain(error.detail.report);
  return error.cause instanceof Error ? reportOf(error.cause) : '';
}
