import { parseRequest, type ReviewOptions, review } from '@notarykit/admission';
import type { JsonObject } from '@notarykit/common';

/** The part of Pepr's `PeprValidateRequest` and `PeprMutateRequest` that is used. */
export interface PeprRequest {
  readonly Request: object;
  Approve(warnings?: string[]): { allowed: boolean; statusCode?: number; statusMessage?: string };
  Deny(message?: string, code?: number): { allowed: boolean; statusCode?: number; statusMessage?: string };
}

/**
 * An action for Pepr: `When(a.Pod).IsCreatedOrUpdated().Validate(onlyTrusted({ verify }))`.
 * Pepr makes its own patches, so that this validates: pin tags with the webhook, or name images by digest.
 */
export function onlyTrusted(options: ReviewOptions) {
  return async (pepr: PeprRequest): Promise<ReturnType<PeprRequest['Approve']>> => {
    const answer = await review(parseRequest(pepr.Request as JsonObject), { tags: 'require-digest', ...options });
    if (answer.allowed) return pepr.Approve(answer.warnings === undefined ? undefined : [...answer.warnings]);
    return pepr.Deny(answer.status?.message, answer.status?.code);
  };
}
