import { type CallOptions, type CodedError, isCodedError } from '@notarykit/common/internal';
import type { GateEvidence } from '@notarykit/sbom-gate/internal/core';

type Problem = GateEvidence['problems'][number];

/** Codes of a repository and of what is read from it. Everything else is not a problem of the evidence, and passes through. */
const ofRepository = /^ERR_(?:OCI|REGISTRY|GRAPH|CODEC|LIMIT)_/;

/** What could not be looked at while evidence was gathered. Each denies: it might be what matters. */
export class Problems {
  readonly found: Problem[] = [];
  readonly #call: CallOptions;

  constructor(call: CallOptions) {
    this.#call = call;
  }

  add(code: Problem['code'], message: string): void {
    this.found.push({ code, message });
  }

  /** The error keeps its own code in the message. */
  addError({ code, message }: CodedError): void {
    const limit = code === 'ERR_GRAPH_LIMIT' || code === 'ERR_LIMIT_EXCEEDED';
    this.add(limit ? 'LIMIT_EXCEEDED' : 'REGISTRY_UNAVAILABLE', `${code}: ${message}`);
  }

  /** Does work, and notes a failure of the repository; any other failure, and an abort, is the caller's. */
  async guard<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#call.signal?.throwIfAborted();
      if (!isCodedError(error) || !ofRepository.test(error.code)) throw error;
      this.addError(error);
      return otherwise;
    }
  }
}
