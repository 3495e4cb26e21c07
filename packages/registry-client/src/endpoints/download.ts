import { type ChunkReader, streamFrom } from '@notarykit/common/internal';
import {
  asVerified,
  type ContentDigester,
  createContentDigester,
  type Descriptor,
  OciError,
} from '@notarykit/oci/internal';
import { platform } from '@notarykit/transport/internal';
import { RegistryError } from '../errors.js';
import type { RegistryResponse } from '../http/message.js';
import { judgeRange } from '../http/range.js';

/** How one blob is downloaded. */
export interface DownloadOptions {
  /** Opens the content from a byte on; the whole of it without a `Range`. */
  readonly open: (offset: number) => Promise<RegistryResponse>;
  /** Failures without a mebibyte of progress between them that a download survives. */
  readonly maxRetries: number;
  readonly pause: (attempt: number) => Promise<void>;
  readonly onBytes: (bytes: number) => void;
}

/** Bytes after which a failure counts as the first one again. */
const progressBytes = 1024 * 1024;

/**
 * The content of a descriptor as a stream that is hashed while it is read and resumed where it broke off. Reading to the end
 * without an error means that size and digest are right.
 */
export async function downloadVerified(
  descriptor: Descriptor,
  options: DownloadOptions,
): Promise<ReadableStream<Uint8Array>> {
  const download = createDownload(descriptor, options);
  await download.begin();
  return asVerified(streamFrom(download), descriptor);
}

interface Download extends ChunkReader {
  begin(): Promise<void>;
}

function createDownload(descriptor: Descriptor, { open, maxRetries, pause, onBytes }: DownloadOptions): Download {
  const { size } = descriptor;
  let digester: ContentDigester | undefined;
  const hash = (passedOn = false): ContentDigester => {
    digester ??= createContentDigester(descriptor, { passedOn });
    return digester;
  };
  let source: ChunkReader | undefined;
  let offset = 0;
  let skip = 0;
  let failures = 0;
  let lastFailure = 0;
  let cancelled = false;

  const judged = (response: RegistryResponse, from: number) =>
    judgeRange(
      from === 0 && response.status === 206 ? 200 : response.status,
      response.headers.get('content-range'),
      offset,
      size,
    );

  const begin = async (): Promise<void> => {
    let response = await open(offset);
    let verdict = judged(response, offset);
    if (verdict.kind === 'refuse' && offset > 0) {
      // Another part than was asked for: the whole is asked for once, and what was handed over is skipped.
      await response.body?.cancel();
      response = await open(0);
      verdict = judged(response, 0);
    }
    source = response.body;
    skip = verdict.kind === 'skip' ? verdict.bytes : 0;
    if (verdict.kind === 'refuse') {
      await source?.cancel();
      throw unresumable(descriptor, offset, verdict.why);
    }
    // The length of a body that the platform may have decoded says nothing, and another origin need not show that it was encoded.
    const length = platform.decodes ? null : response.headers.get('content-length');
    const announced = Number(length ?? Number.NaN);
    if (response.status === 200 && announced > size) {
      await source?.cancel();
      throw sizeMismatch(descriptor, String(announced));
    }
  };

  const recover = async (error: unknown): Promise<void> => {
    source = undefined;
    const retryable = error instanceof RegistryError && error.detail?.retryable === true;
    failures = offset - lastFailure >= progressBytes ? 1 : failures + 1;
    lastFailure = offset;
    if (!retryable || failures > maxRetries) throw error;
    await pause(failures - 1);
    await begin();
  };

  const receive = async (reuse?: boolean): Promise<Uint8Array | undefined> => {
    const chunk = await source?.read(reuse);
    if (cancelled || (chunk === undefined && offset < size)) throw cutShort(descriptor, offset);
    return chunk;
  };

  const next = async (reuse?: boolean): Promise<Uint8Array | undefined> => {
    for (;;) {
      let chunk: Uint8Array | undefined;
      try {
        chunk = await receive(reuse);
      } catch (error) {
        if (!cancelled) await recover(error);
        if (!cancelled) continue;
        // The reader gave up, maybe while the content was asked for again.
        await source?.cancel();
        throw error;
      }
      if (chunk === undefined) {
        finish(descriptor, await hash().digest());
        return undefined;
      }
      if (skip > 0) {
        const dropped = Math.min(skip, chunk.length);
        skip -= dropped;
        chunk = chunk.subarray(dropped);
        if (chunk.length === 0) continue;
      }
      offset += chunk.length;
      if (offset > size) {
        await source?.cancel();
        throw sizeMismatch(descriptor, `more than ${size}`);
      }
      await hash(reuse).update(chunk);
      onBytes(offset);
      return chunk;
    }
  };

  return {
    begin,
    async read(reuse) {
      try {
        return await next(reuse);
      } catch (error) {
        digester?.cancel();
        throw error;
      }
    },
    async cancel() {
      cancelled = true;
      digester?.cancel();
      await source?.cancel();
    },
  };
}

function finish(descriptor: Descriptor, found: string): void {
  if (found === descriptor.digest) return;
  throw new OciError('ERR_OCI_DIGEST_MISMATCH', `expected content with digest ${descriptor.digest}, found ${found}`);
}

function sizeMismatch(descriptor: Descriptor, found: string): OciError {
  return new OciError(
    'ERR_OCI_SIZE_MISMATCH',
    `${descriptor.digest}: expected ${descriptor.size} bytes, found ${found}`,
  );
}

function cutShort(descriptor: Descriptor, offset: number): RegistryError {
  const cause = sizeMismatch(descriptor, String(offset));
  return new RegistryError(
    'ERR_REGISTRY_UNAVAILABLE',
    `${descriptor.digest}: the content ended at byte ${offset} of ${descriptor.size}`,
    {
      cause,
      detail: { registry: '', retryable: true, descriptor },
    },
  );
}

function unresumable(descriptor: Descriptor, offset: number, why: string): RegistryError {
  return new RegistryError('ERR_REGISTRY_PROTOCOL', `${descriptor.digest}: cannot go on from byte ${offset}: ${why}`, {
    detail: { registry: '', retryable: false, descriptor },
  });
}
