import { concatBytes, defined, isCodedError, parseJson, quote } from '@notarykit/common/internal';
import { type Descriptor, parseDescriptor, parseReference } from '@notarykit/oci/internal';
import { VerifierError } from '../errors.js';
import { parseArguments, type VerifierArguments } from './arguments.js';

/** The image that containerd is about to pull. */
export interface PullRequest {
  /** `registry/repository`, as containerd spells it. */
  readonly repository: string;
  /** What is pulled: the tag may have moved. */
  readonly descriptor: Descriptor;
}

/** The only payload of containerd 2; others belong to an unknown contract. */
const payloadType = 'application/vnd.oci.descriptor.v1+json';
/** Far more than a descriptor needs. */
const maxPayload = 1024 * 1024;

/**
 * Reads the request of containerd. Name, digest and descriptor must be those of the same content.
 *
 * @param words - the command line, without the program
 * @param input - the standard input
 * @throws {VerifierError} `ERR_VERIFIER_REQUEST`
 */
export async function readPullRequest(
  words: readonly string[],
  input: AsyncIterable<Uint8Array>,
): Promise<PullRequest> {
  const args = parseArguments(words);
  if (args.stdinMediaType !== payloadType)
    throw refuse(`-stdin-media-type: expected ${payloadType}, found ${quote(args.stdinMediaType)}`);
  const payload = await readInput(input);
  const descriptor = read('standard input', () => parseDescriptor(parseJson(payload), 'descriptor'));
  return { repository: repositoryOf(args, descriptor), descriptor };
}

function repositoryOf({ name, digest }: VerifierArguments, descriptor: Descriptor): string {
  if (descriptor.digest !== digest)
    throw refuse(`-digest is ${quote(digest)}, the descriptor has ${quote(descriptor.digest)}`);
  const { registry, repository, digest: named } = read('-name', () => parseReference(name));
  if (named !== undefined && named !== digest) throw refuse(`-name has ${quote(named)}, -digest is ${quote(digest)}`);
  return `${registry}/${repository}`;
}

async function readInput(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of input) {
    length += part.length;
    if (length > maxPayload) throw refuse(`standard input: expected at most ${maxPayload} bytes, found more`);
    parts.push(part);
  }
  return concatBytes(parts);
}

function read<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw isCodedError(cause) ? refuse(`${what}: ${cause.message}`, cause) : cause;
  }
}

function refuse(message: string, cause?: unknown): VerifierError {
  return new VerifierError('ERR_VERIFIER_REQUEST', message, defined({ cause }));
}
