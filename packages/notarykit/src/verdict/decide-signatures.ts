import type { GraphView } from '@notarykit/artifact-graph/internal';
import type { CallOptions } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import { decideTrust, type TrustDecision, type TrustRequest } from '@notarykit/trust-policy/internal';
import { signaturesOf } from './signatures.js';

/** What a trust policy says of one manifest of a repository. */
export function decideSignatures(
  view: GraphView,
  subject: Descriptor,
  request: TrustRequest,
  call: CallOptions = {},
): Promise<TrustDecision> {
  return decideTrust(subject, signaturesOf(view, subject, call), request, call);
}
