import { type Bytes, equalBytes, type Fetch } from '@notarykit/common/internal';
import { bytesAnswer } from '../registry/http/answers.js';
import { readBody } from '../registry/http/bodies.js';
import type { Answer, RegistryRequest } from '../registry/http/exchange.js';
import { inProcess } from '../registry/in-process.js';
import type { Listener, ListenerOptions } from '../registry/listen.js';
import { createListeners } from '../registry/listeners.js';
import type { Action } from '../registry/rules/rule.js';
import { buildCrl, type CrlOptions, type Revocation } from '../revocation/crl.js';
import { answerOcsp, type OcspFault } from '../revocation/responder.js';
import { answerTimestamp, type TimestampFault } from '../timestamp/responder.js';
import type { Authority, Issued, IssuedCa } from './authority.js';
import type { Issuer } from './certificate.js';
import type { ServiceState } from './service-state.js';

/** How the services are set up. */
export interface AuthorityServicesOptions {
  /** The clock. Default the system's. */
  readonly now?: () => Date;
  /** Further CAs that the services speak for. */
  readonly authorities?: readonly IssuedCa[];
  /** Whose certificate the timestamping service signs with. Default one that the authority issues. */
  readonly timestamping?: Issued;
}

/** How services misbehave: in what they say, and in how they say it. */
export interface ServiceFaults {
  readonly ocsp?: OcspFault & { readonly transport?: Action };
  readonly crl?: CrlOptions & { readonly issuer?: Issuer; readonly body?: Uint8Array; readonly transport?: Action };
  /** As `crl`, for delta CRLs. */
  readonly delta?: ServiceFaults['crl'];
  readonly tsa?: TimestampFault & { readonly transport?: Action };
}

/** How a responder identifies a certificate: one that the authority made itself, or one that it issued for the request of another party. */
export type RevokedCertificate = Pick<Issued, 'serialNumber' | 'issuerDer'>;

/** One request that came in. */
export interface ServiceRequest {
  readonly service: 'ocsp' | 'crl' | 'delta' | 'tsa' | 'none';
  readonly method: string;
  readonly url: string;
}

/** An authority's OCSP responder, CRL distribution points and timestamping service, which can misbehave on demand. */
export interface AuthorityServices {
  /** The services without a socket, under any host name. */
  readonly fetch: Fetch;
  /** The services on loopback. */
  listen(options?: ListenerOptions): Promise<Listener>;
  /** Ends every listener and its connections. */
  close(): Promise<void>;
  /** URLs below a base such as a listener's `url`. */
  ocspUrl(base: string): string;
  crlUrl(base: string, issuer?: IssuedCa): string;
  deltaUrl(base: string, issuer?: IssuedCa): string;
  timestampUrl(base: string): string;
  /** Revokes a certificate; answers say so from now on. */
  revoke(certificate: RevokedCertificate, revocation?: Omit<Revocation, 'serialNumber'>): void;
  /** Misbehaves until called again; without faults it behaves. */
  misbehave(faults?: ServiceFaults): void;
  /** What was asked so far. */
  readonly requests: readonly ServiceRequest[];
}

/**
 * Runs an authority's online services.
 *
 * @example
 * ```ts
 * const authority = await createAuthority();
 * const services = createAuthorityServices(authority);
 * const { url, close } = await services.listen();
 * const leaf = await authority.issueLeaf({ ocspUrls: [services.ocspUrl(url)], crlUrls: [services.crlUrl(url)] });
 * services.revoke(leaf, { reason: 'keyCompromise' });
 * services.misbehave({ ocsp: { responseStatus: 'tryLater' } });
 * ```
 */
export function createAuthorityServices(
  authority: Authority,
  options: AuthorityServicesOptions = {},
): AuthorityServices {
  const authorities = [...authority.intermediates, authority.root, ...(options.authorities ?? [])];
  const revocations = new Map<RevokedCertificate, Revocation>();
  const requests: ServiceRequest[] = [];
  const hits = new Map<string, number>();
  let faults: ServiceFaults = {};
  let timestamping: Promise<Issued> | undefined;
  const state: ServiceState = {
    now: options.now ?? (() => new Date()),
    authorities,
    revocations,
    timestamping: () => {
      timestamping ??= options.timestamping ? Promise.resolve(options.timestamping) : authority.issueTimestamping();
      return timestamping;
    },
  };
  const handle = async (request: RegistryRequest): Promise<Answer> => {
    const service = serviceOf(request.url.pathname);
    requests.push({ service, method: request.method, url: request.url.href });
    const next = (): Promise<Answer> => answer(service, request, state, faults);
    const hit = (hits.get(service) ?? 0) + 1;
    hits.set(service, hit);
    const action = service === 'none' ? undefined : faults[service]?.transport;
    return action === undefined ? next() : action({ request, route: { name: 'other' }, hit, next });
  };
  const place = (issuer: IssuedCa = authority.issuer): number => authorities.indexOf(issuer);
  const listeners = createListeners(handle);
  return {
    fetch: inProcess(handle, new AbortController().signal),
    listen: listeners.listen,
    close: listeners.closeAll,
    ocspUrl: (base) => `${base}/ocsp`,
    crlUrl: (base, issuer) => `${base}/crl/${place(issuer)}.crl`,
    deltaUrl: (base, issuer) => `${base}/delta/${place(issuer)}.crl`,
    timestampUrl: (base) => `${base}/tsa`,
    revoke: (certificate, revocation) =>
      void revocations.set(certificate, { ...revocation, serialNumber: certificate.serialNumber }),
    misbehave: (wanted = {}) => {
      hits.clear();
      faults = wanted;
    },
    requests,
  };
}

function serviceOf(path: string): ServiceRequest['service'] {
  const [, first] = path.split('/');
  return first === 'ocsp' || first === 'crl' || first === 'delta' || first === 'tsa' ? first : 'none';
}

const mostRequestBytes = 64 * 1024;

async function answer(
  service: ServiceRequest['service'],
  request: RegistryRequest,
  state: ServiceState,
  faults: ServiceFaults,
): Promise<Answer> {
  if (service === 'none') return bytesAnswer(404, {}, new Uint8Array());
  if (service === 'crl' || service === 'delta') return crlAnswer(service, request.url.pathname, state, faults[service]);
  const posted = await readBody(request.body, mostRequestBytes);
  if (service === 'ocsp') {
    const asked = request.method === 'POST' ? posted : pathRequest(request.url.pathname);
    return typed('application/ocsp-response', await answerOcsp(asked, state, faults.ocsp));
  }
  return typed('application/timestamp-reply', await answerTimestamp(posted, state, faults.tsa));
}

/** The request in the path of a GET (RFC 6960, A.1). */
function pathRequest(path: string): Bytes {
  return new Uint8Array(Buffer.from(decodeURIComponent(path.slice('/ocsp/'.length)), 'base64'));
}

async function crlAnswer(
  service: 'crl' | 'delta',
  path: string,
  state: ServiceState,
  fault: ServiceFaults['crl'],
): Promise<Answer> {
  const issuer = state.authorities[Number(/(\d+)\.crl$/.exec(path)?.[1])];
  if (issuer === undefined) return bytesAnswer(404, {}, new Uint8Array());
  if (fault?.body !== undefined) return typed('application/pkix-crl', fault.body);
  const own = [...state.revocations].filter(([one]) => equalBytes(one.issuerDer, issuer.subjectDer));
  const delta = service === 'delta' ? { number: 2, baseNumber: 1 } : {};
  const says = { now: state.now(), revoked: own.map(([, revocation]) => revocation), ...delta, ...fault };
  return typed('application/pkix-crl', await buildCrl(fault?.issuer ?? issuer, says));
}

function typed(contentType: string, body: Uint8Array): Answer {
  return bytesAnswer(200, { 'Content-Type': contentType }, body);
}
