import {
  CodedError,
  defined,
  isJsonArray,
  isJsonObject,
  type JsonValue,
  parseJson,
  quote,
  startDeadline,
  untilAborted,
} from '@notarykit/common/internal';
import { AdmissionError } from '../errors.js';
import { json, maxBodySize, readBody } from '../http/body.js';
import { type DeadlineOptions, deadlineMs } from '../http/deadline.js';
import { type Image, pinned } from '../images/image.js';
import { parseName } from '../review/parse-name.js';
import { admits, type ImageContext, type ImageVerdict, type VerifyImage } from '../verdict.js';
import { verdictOf } from '../verify/verdict-of.js';

/** How a provider answers. */
export interface GatekeeperProviderOptions extends DeadlineOptions {
  readonly verify: VerifyImage;
  /** Keys carry their namespace as `[namespace]image`, put there by the constraint template. Default no. */
  readonly namespacedKeys?: boolean;
  /**
   * Which images `mutate` hands back as they are, without looking at them: {@link outsideStatements} of the policy. That permits
   * nothing: `validate` answers for them as for any other. Default none: each of them is an error, as whatever is not admitted is.
   */
  readonly unchanged?: (image: Image, context: ImageContext) => boolean;
  /** Most keys of one request. Default 250. */
  readonly maxKeys?: number;
}

/** The answer for one key (externaldata.gatekeeper.sh/v1beta1). */
export interface ProviderItem {
  readonly key: string;
  /** Validation: what was found. Mutation: the image by digest. */
  readonly value?: unknown;
  readonly error?: string;
}

const apiVersion = 'externaldata.gatekeeper.sh/v1beta1';

/**
 * A Gatekeeper external-data provider: `validate` gives a verdict for each key, `mutate` the image by digest.
 *
 * @example
 * ```ts
 * const provider = createGatekeeperProvider({ verify });
 * const response = await provider.validate(request);
 * ```
 */
export function createGatekeeperProvider(options: GatekeeperProviderOptions): {
  readonly validate: (request: Request) => Promise<Response>;
  readonly mutate: (request: Request) => Promise<Response>;
} {
  return {
    validate: (request) =>
      serve(request, options, async (image, context) => {
        const { verdict, code, message, digest } = await options.verify(image, context);
        return { value: { verdict, code, message, ...defined({ digest }) } };
      }),
    mutate: (request) =>
      serve(request, options, async (image, context) =>
        options.unchanged?.(image, context) === true
          ? { value: image.written }
          : byDigest(image, await options.verify(image, context)),
      ),
  };
}

function byDigest(image: Image, verdict: ImageVerdict): Found {
  const { code, message, digest } = verdict;
  return admits(verdict) && digest !== undefined ? { value: pinned(image, digest) } : { error: `${code}: ${message}` };
}

type Found = Omit<ProviderItem, 'key'>;

/** What a route answers for an image. */
type Answer = (image: Image, context: ImageContext) => Promise<Found>;

async function serve(request: Request, options: GatekeeperProviderOptions, answer: Answer): Promise<Response> {
  if (request.method !== 'POST') return respond([], 'expected POST');
  const deadline = startDeadline(deadlineMs(new URL(request.url), { timeoutMs: 2_000, ...options }), request.signal);
  const { signal } = deadline;
  try {
    const keys = parseKeys(await readBody(request, maxBodySize, signal), options.maxKeys ?? 250);
    return respond(await Promise.all([...new Set(keys)].map((key) => one(key, options, signal, answer))));
  } catch (error) {
    return respond(
      [],
      error instanceof CodedError ? `${error.code}: ${error.message}` : 'the request could not be read',
    );
  } finally {
    deadline.stop();
  }
}

function parseDocument(body: Uint8Array): JsonValue {
  try {
    return parseJson(body, { maxDepth: 8 });
  } catch (cause) {
    throw new AdmissionError('ERR_ADMISSION_REQUEST', 'expected a ProviderRequest in JSON', { cause });
  }
}

function parseKeys(body: Uint8Array, maxKeys: number): readonly string[] {
  const document = parseDocument(body);
  const request = isJsonObject(document) ? document['request'] : undefined;
  const keys = isJsonObject(request) ? request['keys'] : undefined;
  if (!isJsonObject(document) || document['kind'] !== 'ProviderRequest' || !isJsonArray(keys)) {
    throw new AdmissionError('ERR_ADMISSION_REQUEST', 'expected a ProviderRequest with keys');
  }
  if (keys.length > maxKeys)
    throw new AdmissionError('ERR_ADMISSION_REQUEST', `expected at most ${maxKeys} keys, found ${keys.length}`);
  return keys.map((key) => {
    if (typeof key !== 'string')
      throw new AdmissionError('ERR_ADMISSION_REQUEST', `expected keys of text, found ${quote(key)}`);
    return key;
  });
}

async function one(
  key: string,
  options: GatekeeperProviderOptions,
  signal: AbortSignal,
  answer: Answer,
): Promise<ProviderItem> {
  try {
    const match = options.namespacedKeys ? /^\[([a-z0-9-]*)\]([\s\S]*)$/.exec(key) : null;
    if (options.namespacedKeys && match === null) return { key, error: 'KEY_INVALID: expected "[namespace]image"' };
    const namespace = match?.[1] ?? '';
    const image = parseName(match?.[2] ?? key);
    if ('verdict' in image) return { key, error: `${image.code}: ${image.message}` };
    const context = { signal, dryRun: false, ...(namespace === '' ? {} : { namespace }) };
    return { key, ...(await untilAborted(answer(image, context), signal)) };
  } catch (error) {
    if (signal.aborted) return { key, error: 'DEADLINE: the time for this request ran out' };
    const { code, message } = verdictOf(error);
    return { key, error: `${code}: ${message}` };
  }
}

/** The status is 200 always: Gatekeeper hands it to Rego and needs a body that parses. */
function respond(items: readonly ProviderItem[], systemError = ''): Response {
  return json(200, { apiVersion, kind: 'ProviderResponse', response: { idempotent: true, items, systemError } });
}
