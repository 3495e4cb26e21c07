// What an implementation is given to sign, and the configuration that trusts what it signs with.

import { certificatePem, leafOf, root } from './lib/authorities.mjs';
import { bytes } from './lib/bytes.mjs';
import { blob, blobPolicy, policy, subject } from './lib/case.mjs';
import { algorithms, pemOf } from './lib/keys.mjs';
import { layoutFiles } from './lib/layout.mjs';

/** Files by their path below `signing`. */
export function signingFiles() {
  const layout = layoutFiles({ manifests: [{ content: subject.content, tag: 'v1' }] });
  const keys = algorithms.flatMap((spec) => {
    const { key, chain } = leafOf(spec);
    const name = `keys/${spec.toLowerCase()}`;
    return [
      [`${name}.key.pem`, pemOf('PRIVATE KEY', key.pkcs8)],
      [`${name}.chain.pem`, chain.map((der) => pemOf('CERTIFICATE', der)).join('')],
    ];
  });
  const text = (document) => `${JSON.stringify(document, null, 2)}\n`;
  return Object.fromEntries(
    Object.entries({
      ...layout,
      ...Object.fromEntries(keys),
      'blob.txt': blob,
      'config/trustpolicy.json': text(policy()),
      'config/trustpolicy.blob.json': text(blobPolicy()),
      'config/truststore/x509/ca/kit/root.pem': certificatePem(root),
    }).map(([name, content]) => [name, { content: bytes(content), executable: false }]),
  );
}
