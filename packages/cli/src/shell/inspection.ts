import type { EnvelopeInspection } from '@notarykit/signature-envelope/internal';

/** What an envelope claims, for people. */
export function describeInspection(inspection: EnvelopeInspection): string {
  const { signatureAlgorithm, signedAttributes, userDefinedAttributes, certificates, signedArtifact } = inspection;
  const metadata = Object.entries(userDefinedAttributes ?? {});
  const stamp = inspection.unsignedAttributes['timestampSignature'];
  const rows = [
    ['algorithm', signatureAlgorithm],
    ['envelope', inspection.signatureEnvelopeType],
    ...Object.entries(signedAttributes),
    ...metadata.map(([name, value]) => [`metadata ${name}`, value]),
    ...(typeof stamp === 'object' ? [['timestamp', 'error' in stamp ? stamp.error : stamp.timestamp]] : []),
    ...certificates.map(({ issuedTo, expiry }) => ['certificate', `${issuedTo}, until ${expiry}`]),
    ['signed artifact', `${signedArtifact.mediaType} ${signedArtifact.digest}, ${signedArtifact.size} bytes`],
  ];
  return rows.map(([name = '', value = '']) => `  ${name}: ${value}`).join('\n');
}
