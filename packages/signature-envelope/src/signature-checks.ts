import type { CallOptions } from '@notarykit/common/internal';
import { type SignatureQuestion, verifySignatures } from '@notarykit/pki/internal/core';
import type { EnvelopeError } from './errors.js';

/** A signature that is to be checked, and what its answer means. */
export interface SignatureCheck {
  readonly question: SignatureQuestion;
  /** Why the answer refuses, if it does. */
  readonly refusal: (valid: boolean) => EnvelopeError | undefined;
}

/**
 * Checks in the order in which they are reported. What costs nothing is checked when its turn comes, and thrown; a signature is handed
 * out, to be checked with others. So the first fault that needs no cryptography ends the list, and bounds the work.
 */
export type Checks = Generator<SignatureCheck, void, void>;

/** Signatures that are checked at one time: no more are checked in vain when the first of them is false. */
const mostTogether = 4;

/**
 * Runs checks: signatures at the same time, a few at once. It ends when every signature that was begun has its answer.
 *
 * @throws of all checks that fail the first in their order, whichever answer came first
 */
export async function runChecks(checks: Checks, { signal }: CallOptions = {}): Promise<void> {
  const { signatures, fault } = collect(checks);
  for (let i = 0; i < signatures.length; i += mostTogether) {
    signal?.throwIfAborted();
    await runTogether(signatures.slice(i, i + mostTogether));
  }
  if (fault !== undefined) throw fault.error;
}

function collect(checks: Checks): { signatures: readonly SignatureCheck[]; fault?: { readonly error: unknown } } {
  const signatures: SignatureCheck[] = [];
  try {
    for (const check of checks) signatures.push(check);
    return { signatures };
  } catch (error) {
    return { signatures, fault: { error } };
  }
}

async function runTogether(signatures: readonly SignatureCheck[]): Promise<void> {
  const answers = await verifySignatures(signatures.map(({ question }) => question));
  for (const [i, { refusal }] of signatures.entries()) {
    const answer = answers[i] as PromiseSettledResult<boolean>;
    if (answer.status === 'rejected') throw answer.reason;
    const refused = refusal(answer.value);
    if (refused !== undefined) throw refused;
  }
}
