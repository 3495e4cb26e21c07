import { envelopeMediaTypes, formatOfSignatureFile } from '@notarykit/signature-envelope';
import { memoryTrustStore, parseBlobTrustPolicy } from '@notarykit/trust-policy';
import { verifyBlob } from 'notarykit';
import { type Answer, answerOf } from './answer.js';
import type { TrustTexts } from './verify-artifact.js';

/** A signature and the name of its file, which tells its format. */
export interface SignatureFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Verifies a file by its bytes and those of its signature; nothing is sent anywhere. */
export function verifyFile(content: Uint8Array, signature: SignatureFile, trust: TrustTexts): Promise<Answer> {
  return answerOf(async () => {
    const format = formatOfSignatureFile(signature.name);
    if (format === undefined)
      throw new Error(`expected a name that ends in .jws.sig or .cose.sig, found "${signature.name}"`);
    return await verifyBlob(content, signature.bytes, {
      policy: parseBlobTrustPolicy(trust.policy),
      trustStore: memoryTrustStore({ ca: { page: trust.certificates } }),
      mediaType: envelopeMediaTypes[format],
    });
  });
}
