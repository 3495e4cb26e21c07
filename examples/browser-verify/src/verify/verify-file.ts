import { envelopeMediaTypes, formatOfSignatureFile } from '@notarykit/signature-envelope';
import { parseBlobTrustPolicy } from '@notarykit/trust-policy';
import { verifyBlob } from 'notarykit';
import { type Answer, answerOf } from './answer.js';
import { dateOf, revocationOf, type TrustTexts, trustStoreOf } from './trust.js';

/** A file and its name. That of a signature tells its format. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Verifies a file by its bytes and those of its signature; nothing is sent anywhere. */
export function verifyFile(content: NamedFile, signature: NamedFile, trust: TrustTexts): Promise<Answer> {
  return answerOf(content.name, async () => {
    const format = formatOfSignatureFile(signature.name);
    if (format === undefined)
      throw new Error(`expected a name that ends in .jws.sig or .cose.sig, found "${signature.name}"`);
    const { verdict, report } = await verifyBlob(content.bytes, signature.bytes, {
      policy: parseBlobTrustPolicy(trust.policy),
      trustStore: trustStoreOf(trust.stores),
      mediaType: envelopeMediaTypes[format],
      ...dateOf(trust),
      ...(await revocationOf(trust)),
    });
    return { verdict, reports: [report] };
  });
}
