import { copyBytes } from '@notarykit/common/internal';
import { parseCertificate } from '@notarykit/pki/internal';
import {
  diagnoseSignature,
  isNotarySignature,
  type KeySpec,
  type Signer,
} from '@notarykit/signature-envelope/internal';
import { demand } from './demand.js';

/** Signs, verifies strictly with the leaf of the same call, and says which of the usual mistakes it is. */
export async function signAndCheck(signer: Signer, keySpec: KeySpec, payload: Uint8Array): Promise<void> {
  const given = copyBytes(payload);
  const { signature, certificateChain } = await signer.sign({ payload: given, keySpec });
  await checkSignature({ signature, certificateChain, keySpec, payload });
}

/** See {@link signAndCheck}. */
export async function checkSignature(given: {
  readonly signature: Uint8Array;
  readonly certificateChain: readonly Uint8Array[];
  readonly keySpec: KeySpec;
  readonly payload: Uint8Array;
}): Promise<void> {
  const { certificateChain, keySpec, payload, signature } = given;
  const [der] = certificateChain;
  demand(der !== undefined, 'sign() gives no chain: return DER certificates, leaf first, root last');
  const signed = { leaf: parseCertificate(der), keySpec, payload, signature };
  if (await isNotarySignature(signed)) return;
  throw new Error((await diagnoseSignature(signed))?.message ?? unknownCause(payload));
}

function unknownCause({ length }: Uint8Array): string {
  return (
    `a signature over ${length} bytes is not valid: another key than the leaf's, or other bytes than the payload; ` +
    'sign the whole payload with the key version whose certificate is returned'
  );
}
