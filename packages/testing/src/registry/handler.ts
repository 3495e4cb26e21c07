import type { RegistryAbilities } from './abilities.js';
import { admit } from './auth/guard.js';
import { tokenEndpoint } from './auth/token-endpoint.js';
import type { TokenIssuer } from './auth/tokens.js';
import type { EndpointContext } from './context.js';
import { deleteBlob, getBlob } from './endpoints/blobs.js';
import { deleteManifest, getManifest, putManifest } from './endpoints/manifests.js';
import { listReferrers } from './endpoints/referrers.js';
import { listRepositories, listTags } from './endpoints/tags.js';
import { appendUpload, beginUpload, cancelUpload, finishUpload, getUpload } from './endpoints/uploads.js';
import { errorAnswer, jsonAnswer, Refusal } from './http/answers.js';
import { type Answer, ConnectionCut, type RegistryRequest } from './http/exchange.js';
import { refusalOf } from './http/failures.js';
import { type Route, repositoryOf, routeOf } from './http/route.js';
import type { Serve, Twist } from './like/quirk.js';
import type { EmbeddedRegistryOptions } from './options.js';
import { type OpenRecord, openRecord } from './request-log.js';
import type { RuleBook } from './rules/rule-book.js';
import type { RegistryStore } from './store/registry-store.js';
import type { UploadSessions } from './store/upload-sessions.js';

/** What a registry is made of. */
export interface RegistryParts {
  readonly options: EmbeddedRegistryOptions;
  readonly abilities: RegistryAbilities;
  readonly store: RegistryStore;
  readonly uploads: UploadSessions;
  readonly issuer: TokenIssuer | undefined;
  readonly rules: RuleBook;
  /** Quirks of the registry that this one is like. */
  readonly twists: readonly Twist[];
  readonly records: OpenRecord[];
}

const reads = new Set(['GET', 'HEAD']);

type Endpoint = (context: EndpointContext) => Promise<Answer>;

const endpoints: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = {
  ping: { GET: async () => jsonAnswer(200, {}, { 'Docker-Distribution-Api-Version': 'registry/2.0' }) },
  catalog: { GET: listRepositories },
  tags: { GET: listTags },
  manifest: { GET: getManifest, PUT: putManifest, DELETE: deleteManifest },
  blob: { GET: getBlob, DELETE: deleteBlob },
  uploads: { POST: beginUpload },
  upload: { GET: getUpload, PATCH: appendUpload, PUT: finishUpload, DELETE: cancelUpload },
  referrers: { GET: listReferrers },
};

/** Answers one request: recorded, then by the rules, then by the registry. */
export async function handle(parts: RegistryParts, incoming: RegistryRequest): Promise<Answer> {
  const route = routeOf(incoming.url.pathname);
  const record = openRecord(incoming, route);
  if (parts.options.remember !== false) parts.records.push(record);
  const request = { ...incoming, body: incoming.body && counted(incoming.body, record) };
  const own = (asked: RegistryRequest): Promise<Answer> => serve(parts, asked, routeOf(asked.url.pathname), record);
  const served = parts.twists.reduceRight<Serve>((next, twist) => (asked) => twist(asked, next), own);
  const answer = await parts.rules.answer(request, route, () => served(request));
  record.status = answer.status;
  return answer;
}

async function* counted(body: AsyncIterable<Uint8Array>, record: OpenRecord): AsyncGenerator<Uint8Array> {
  for await (const bytes of body) {
    record.bodyLength += bytes.length;
    yield bytes;
  }
}

async function serve(
  parts: RegistryParts,
  request: RegistryRequest,
  route: Route,
  record: OpenRecord,
): Promise<Answer> {
  try {
    return await dispatch(parts, request, route, record);
  } catch (error) {
    if (error instanceof ConnectionCut) throw error;
    const { status, code, message, headers } = refusalOf(error);
    return errorAnswer(status, code, message, headers);
  }
}

async function dispatch(
  parts: RegistryParts,
  request: RegistryRequest,
  route: Route,
  record: OpenRecord,
): Promise<Answer> {
  const { auth } = parts.options;
  if (route.name === 'token' && auth !== undefined && parts.issuer !== undefined)
    return tokenEndpoint(request, auth, parts.issuer);
  const methods = endpoints[route.name];
  if (methods === undefined) throw new Refusal(404, 'UNSUPPORTED', 'there is no such endpoint');
  const endpoint = methods[request.method === 'HEAD' ? 'GET' : request.method];
  if (endpoint === undefined) throw new Refusal(405, 'UNSUPPORTED', `${request.method} is not served here`);
  const repository = route.repository === undefined ? '' : repositoryOf(route);
  if (parts.abilities.readOnly && !reads.has(request.method))
    throw new Refusal(405, 'UNSUPPORTED', 'this registry is read-only');
  const access = await admit(request, route, auth, parts.issuer);
  record.account = access.account;
  const { store, uploads, abilities } = parts;
  return endpoint({ request, repository, reference: route.reference ?? '', store, uploads, abilities, access });
}
