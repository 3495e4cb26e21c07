import { isCodedError } from '@notarykit/common';
import { copy, sign, type Trust, verify } from 'notarykit';
import type { Setup } from './setup.js';
import { policyEnds } from './trust.js';

/** The hub certifies what the vendor signed, and adds its own signature. Digest and tag stay as they are. */
export async function certify({ hub, hubRepository }: Setup, trust: Trust) {
  const { digest } = await verify(hubRepository, 'v1', trust);
  const { signature } = await sign(hubRepository, digest, { signer: hub.signer, kind: 'certifier' });
  return { before: digest, after: (await hubRepository.resolve('v1')).digest, signature };
}

/** The user imports with all signatures, verified on the way, and adds its own. */
export async function importAndSign({ user, hubRepository, userRepository }: Setup, trust: Trust) {
  const { root } = await copy(hubRepository, userRepository, { reference: 'v1', verify: trust });
  await sign(userRepository, root, { signer: user.signer, kind: 'user' });
  return root;
}

/** Who signed, by what is trusted of it. */
export async function signersOf({ userRepository }: Setup, trust: Trust): Promise<readonly string[]> {
  const verdict = await verify(userRepository, 'v1', { ...trust, examine: 'all' });
  if (verdict.verdict === 'skipped') return [];
  return verdict.signatures.map(({ report }) => report.signer?.subject ?? '').sort();
}

/** Who counts in which part, under a policy that demands a signature of the vendor and one of a certifier. */
export async function partsOf({ userRepository }: Setup, trust: Trust): Promise<readonly string[]> {
  const verdict = await verify(userRepository, 'v1', trust);
  if (verdict.verdict === 'skipped') return [];
  return verdict.signers.map(({ signer, signature }) => `${signer}, ${signature.report.signer?.subject}`);
}

/** The code of the refusal once the policy has ended. */
export async function codeAfterTheEnd({ userRepository }: Setup, trust: Trust): Promise<string> {
  const later = verify(userRepository, 'v1', { ...trust, now: new Date(policyEnds) });
  return await later.then(
    ({ verdict }) => verdict,
    (error: unknown) => (isCodedError(error) ? error.code : String(error)),
  );
}
