import { encodeBase64, utf8 } from '@notarykit/common';
import { encodePem, parseCertificates } from '@notarykit/pki';

/** No base64, on purpose: a cluster refuses a manifest in which it was forgotten. */
export const placeholder: string = '<CA_BUNDLE>';

/** A manifest with the authority's certificates where the placeholder stood. */
export function renderManifest(text: string, caPem: string): string {
  const certificates = parseCertificates(utf8(caPem));
  const bundle = certificates.map(({ der }) => encodePem('CERTIFICATE', der)).join('');
  return text.replaceAll(placeholder, encodeBase64(utf8(bundle)));
}
