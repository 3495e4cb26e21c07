import { utf8 } from '@notarykit/common/internal';
import { type Descriptor, maxManifestSize } from '@notarykit/oci/internal';
import type { BundleDocument } from './document.js';
import { parseDocument } from './parse-document.js';
import { bundleProblem } from './problem.js';

/**
 * The bytes of a document; equal content gives equal bytes.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_BUNDLE`, `MALFORMED` for one that no reader would take: too many artifacts, say
 */
export function buildDocument(document: BundleDocument): Uint8Array {
  const bytes = encodeDocument(document);
  if (bytes.length > maxManifestSize)
    throw bundleProblem('MALFORMED', `the document of a bundle has at most ${maxManifestSize} bytes: make several`);
  parseDocument(bytes);
  return bytes;
}

function encodeDocument({ policy, content, artifacts, evidence }: BundleDocument): Uint8Array {
  const plain = ({ mediaType, digest, size }: Descriptor) => ({ mediaType, digest, size });
  return utf8(
    JSON.stringify({
      version: '1.0',
      policy,
      content,
      artifacts: artifacts.map(({ repository, tag, descriptor, referrers }) => ({
        repository,
        tag,
        ...plain(descriptor),
        referrers: referrers.map(plain),
      })),
      evidence: evidence.map(({ method, url, certId, digest }) => ({ method, url, certId, digest })),
    }),
  );
}
