import { type CallOptions, isCodedError, utf8 } from '@notarykit/common/internal';
import { describe, mediaTypes, type Repository } from '@notarykit/oci/internal';
import { NotaryKitError } from '../errors.js';
import type { AttachedSignature } from '../sign.js';
import type { PromotionFailure } from './promotion.js';

const empty = utf8('{}');

/**
 * Finds out whether the target takes writes, by the two bytes that every artifact without a config has: an account without access is refused
 * before the production key is used.
 *
 * @throws what the target answers
 */
export async function checkWritable(target: Repository, call: CallOptions): Promise<void> {
  // Written even where it is there: that it can be read says nothing about writing.
  await target.push(describe(mediaTypes.empty, empty), empty, { ...call, absent: true });
}

/** What the production key has signed in a run, so that it can be reported when the run fails. */
export class SignedSoFar {
  readonly #call: CallOptions;
  readonly #found: (AttachedSignature & { readonly repository: string })[] = [];

  constructor(call: CallOptions) {
    this.#call = call;
  }

  get signatures(): readonly AttachedSignature[] {
    return this.#found.map(({ subject, signature }) => ({ subject, signature }));
  }

  add({ name }: Repository, signature: AttachedSignature): void {
    this.#found.push({ ...signature, repository: name });
  }

  /**
   * Does work after which signatures may stand somewhere: a failure then says how many and where.
   *
   * @throws {NotaryKitError} `ERR_NOTARYKIT_PROMOTE`; as long as nothing is signed, and for an abort, whatever the work rejects with
   */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#call.signal?.throwIfAborted();
      if (this.#found.length === 0 || !isCodedError(error)) throw error;
      throw this.#told(error);
    }
  }

  #told(error: Error): NotaryKitError<PromotionFailure> {
    const own = error instanceof NotaryKitError && error.code === 'ERR_NOTARYKIT_PROMOTE';
    const detail: PromotionFailure = {
      ...(own ? (error.detail as PromotionFailure) : { reason: 'PROMOTION_INTERRUPTED', missing: [] }),
      signatures: this.#found.map(({ subject, signature, repository }) => ({
        subject: subject.digest,
        signature: signature.digest,
        repository,
      })),
    };
    const places = [...new Set(this.#found.map(({ repository }) => repository))].join(' and ');
    const message = `${error.message}; production signatures in ${places}: ${this.#found.length}, found again by a second run`;
    return new NotaryKitError('ERR_NOTARYKIT_PROMOTE', message, {
      detail,
      cause: own ? (error.cause ?? error) : error,
    });
  }
}
