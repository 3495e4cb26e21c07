import { copyBytes, utf8 } from '@notarykit/common/internal';
import { parseCertificate } from '@notarykit/pki/internal';
import { algorithmOf, checkedSigner, type Signer, saltLengthOf } from '@notarykit/signature-envelope/internal';
import { checkShown } from './cases.js';
import { checkSignature } from './check-signature.js';
import { demand, outcomeOf } from './demand.js';
import type { SignerConformanceOptions, SignerFault, SignerRotation } from './options.js';

/** The salt of RSASSA-PSS, measured: some verifiers take any, others only one as long as the hash. */
export async function checkSalt(signer: Signer, { keySpec }: SignerConformanceOptions): Promise<void> {
  const row = algorithmOf(keySpec);
  const payload = utf8('salt');
  const { signature, certificateChain } = await signer.sign({ payload: copyBytes(payload), keySpec });
  const leaf = parseCertificate(certificateChain[0] as Uint8Array);
  const found = await saltLengthOf({ leaf, keySpec, payload, signature });
  demand(
    found !== undefined,
    'the signature is not RSASSA-PSS by the key of the leaf certificate; ask the service for it',
  );
  const hint = 'ask the service for a salt as long as the hash';
  demand(found === row.saltLength, `the salt has ${found} bytes, expected ${row.saltLength}; ${hint}`);
}

/** While the key is rotated every signature fits the chain of its own call, and a signer keeps to its version. */
export async function checkRotation(rotation: SignerRotation, options: SignerConformanceOptions): Promise<void> {
  const { keySpec } = options;
  const signer = await rotation.create();
  const { keyId } = await signer.describe();
  const first = checkTogether(signer, keySpec, 5);
  await rotation.rotate();
  await Promise.all([first, checkTogether(signer, keySpec, 5)]);
  const after = await signer.describe();
  const pinned = after.keyId === keyId;
  demand(pinned, 'the key version changes under a signer in use: resolve it once, and sign with exactly that version');
  await checkTogether(await rotation.create(), keySpec, 1);
}

async function checkTogether(
  signer: Signer,
  keySpec: SignerConformanceOptions['keySpec'],
  count: number,
): Promise<void> {
  const payloads = Array.from({ length: count }, (_, i) => utf8(`payload ${i}`));
  const checks = payloads.map(async (payload) => {
    const result = await signer.sign({ payload: copyBytes(payload), keySpec });
    const { ok } = await outcomeOf(() => checkSignature({ ...result, keySpec, payload }));
    demand(ok, 'after a rotation a signature does not fit its chain: take signature and chain of one key version');
  });
  await Promise.all(checks);
}

/** A signer that must fail: with this reason, and without showing anything. */
export async function checkFault(fault: SignerFault, options: SignerConformanceOptions): Promise<void> {
  const signer = await fault.create();
  const { error } = await outcomeOf(async () => {
    const { keySpec } = await signer.describe();
    await checkedSigner(signer).sign({ payload: utf8('x'), keySpec });
  });
  const { reason, retryable, message } = (error ?? {}) as Record<'reason' | 'retryable' | 'message', unknown>;
  const found = [reason, message].find((text) => typeof text === 'string') ?? 'a signature';
  demand(
    reason === fault.reason,
    `expected a SignerError with reason ${fault.reason}, found ${found}: map the service's error`,
  );
  const expected = String(fault.retryable);
  demand(
    retryable === fault.retryable,
    `expected retryable to be ${expected}, found ${String(retryable)}: only what may pass by itself is retried`,
  );
  checkShown(error, 'the error', options);
}
