import { createHasher, encodeHex, type Hasher, hashHex, quote } from '@notarykit/common/internal';

import { OciError } from './errors.js';

/** `algorithm:hex`, for example `sha256:e3b0…` (image-spec, descriptor.md, "Digests"). */
export type Digest = `${string}:${string}`;

/** The digest algorithms that the SDK computes. sha384 is in no registry, only in blob signatures. */
export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512';

const grammar = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;
const hexLength: Readonly<Record<DigestAlgorithm, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** A digest in its two parts. */
export interface ParsedDigest {
  readonly algorithm: DigestAlgorithm;
  readonly hex: string;
}

/**
 * Takes a digest apart: a registered algorithm, then lower-case hexadecimal digits of exactly its length.
 *
 * @throws {OciError} `ERR_OCI_INVALID`; `ERR_OCI_UNSUPPORTED` for one whose algorithm is not ours
 *
 * @example
 * ```ts
 * parseDigest('sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a').algorithm; // 'sha256'
 * ```
 */
export function parseDigest(text: string): ParsedDigest {
  const colon = text.indexOf(':');
  const algorithm = text.slice(0, Math.max(colon, 0));
  const hex = text.slice(colon + 1);
  if (!isAlgorithm(algorithm)) {
    const wellFormed = text.length <= 1024 && grammar.test(text);
    throw new OciError(
      wellFormed ? 'ERR_OCI_UNSUPPORTED' : 'ERR_OCI_INVALID',
      `expected a digest such as "sha256:<64 hex digits>", found ${quote(text)}`,
    );
  }
  if (hex.length !== hexLength[algorithm] || !/^[0-9a-f]+$/.test(hex)) {
    throw new OciError(
      'ERR_OCI_INVALID',
      `expected ${hexLength[algorithm]} lower-case hex digits after "${algorithm}:", found ${quote(hex)}`,
    );
  }
  return { algorithm, hex };
}

function isAlgorithm(text: string): text is DigestAlgorithm {
  return Object.hasOwn(hexLength, text);
}

/** Whether a text is a digest that {@link parseDigest} accepts. */
export function isDigest(text: string): text is Digest {
  try {
    parseDigest(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Checks that a text is a digest by its grammar, whether or not its algorithm can be computed: descriptors may name content that cannot
 * be verified here, and fetching it fails with an error that says so.
 *
 * @throws {OciError} `ERR_OCI_INVALID`
 */
export function checkDigest(text: string): asserts text is Digest {
  try {
    parseDigest(text);
  } catch (error) {
    if (!(error instanceof OciError && error.code === 'ERR_OCI_UNSUPPORTED')) throw error;
  }
}

/** The digest of bytes. */
export function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return `${algorithm}:${hashHex(algorithm, bytes)}`;
}

/** A digest under way. */
export interface Digester {
  update(bytes: Uint8Array): void;
  /** The digest of all bytes added; call once. */
  digest(): Digest;
}

/** A digester that takes its input piece by piece. */
export function createDigester(algorithm: DigestAlgorithm = 'sha256'): Digester {
  const hasher: Hasher = createHasher(algorithm);
  return { update: (bytes) => hasher.update(bytes), digest: () => `${algorithm}:${encodeHex(hasher.digest())}` };
}
