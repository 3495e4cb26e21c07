import type { Artifact, ViewIdentity } from '@notarykit/artifact-graph/internal';
import { type CallOptions, defined, type RequestKey } from '@notarykit/common/internal';
import {
  type ArtifactTrustOptions,
  type RequestTime,
  requestTime,
  trustRequest,
} from '@notarykit/trust-policy/internal';
import { NotaryKitError } from '../errors.js';
import { type AskedGate, gatePart } from './gate-part.js';
import { keyOfRequest } from './keys.js';
import { digestOfRequest } from './request-digest.js';
import type { VerdictRequest, VerdictSubject } from './verdict-request.js';

/** What a caller asks of an artifact. */
export interface VerdictOptions extends CallOptions {
  readonly trust?: ArtifactTrustOptions;
  readonly platforms?: 'index' | 'children' | 'both';
  readonly gate?: AskedGate;
  /** The times of the whole verdict. Default: those of `trust`, else the clock, read once. */
  readonly time?: RequestTime;
  readonly reference?: string;
  readonly tenant?: string;
}

/**
 * The request that options amount to: statements are selected, the trust stores that they name are read, and all times come from one
 * place. What the caller changes in its options from here on changes nothing.
 *
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`
 * @throws {NotaryKitError} `ERR_NOTARYKIT_ARGUMENT` when neither `trust` nor `gate` is given
 */
export async function verdictRequest(
  view: ViewIdentity,
  { descriptor }: Pick<Artifact, 'descriptor'>,
  options: VerdictOptions,
): Promise<VerdictRequest> {
  const { trust, platforms = 'index', gate, reference, tenant = '' } = options;
  checkAsked(options);
  const time = options.time ?? requestTime(trust ?? gate?.trust ?? {});
  const { mediaType, digest, size } = descriptor;
  const call: CallOptions = defined({ signal: options.signal });
  const { source } = view;
  const subject: VerdictSubject = Object.freeze({
    repository: view.repository,
    ...defined({ source }),
    descriptor: Object.freeze({ mediaType, digest, size }),
    ...defined({ reference }),
  });
  return keyed({
    subject,
    ...(trust === undefined ? {} : { trust: await trustRequest(trust, view.repository, time, call) }),
    platforms,
    ...(gate === undefined ? {} : { gate: await gatePart(gate, view.repository, time, call) }),
    time,
    limits: view.limits,
    tenant,
  });
}

/**
 * Refuses a request that asks nothing: if no signature and no evidence is checked, nothing can be trusted.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_ARGUMENT`
 */
export function checkAsked({ trust, gate }: { readonly trust?: unknown; readonly gate?: unknown }): void {
  if (trust === undefined && gate === undefined)
    throw new NotaryKitError('ERR_NOTARYKIT_ARGUMENT', 'expected a request with "trust", with a "gate", or with both');
}

/** A key is made when it is asked for: most requests are decided and forgotten. */
function keyed(request: Omit<VerdictRequest, 'digest' | 'uncacheable'>): VerdictRequest {
  let made: Pick<VerdictRequest, 'digest' | 'uncacheable'> | undefined;
  const make = (): Pick<VerdictRequest, 'digest' | 'uncacheable'> => {
    made ??= named(request.subject, keyOfRequest(request));
    return made;
  };
  return Object.freeze({
    ...request,
    get digest() {
      return make().digest;
    },
    get uncacheable() {
      return make().uncacheable;
    },
  }) as VerdictRequest;
}

function named(
  { repository, descriptor }: VerdictSubject,
  { key, unkeyed }: RequestKey,
): Pick<VerdictRequest, 'digest' | 'uncacheable'> {
  if (key === undefined) return { uncacheable: unkeyed };
  return { digest: digestOfRequest(`${repository}@${descriptor.digest}`, key), uncacheable: unkeyed };
}
