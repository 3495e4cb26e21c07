import { type Bytes, isJsonArray, isJsonObject, type JsonObject, parseJson } from '@notarykit/common/internal';
import { mediaTypes } from '@notarykit/oci/internal';
import { errorAnswer } from '../http/answers.js';
import { pieces, readBody } from '../http/bodies.js';
import type { Answer, RegistryRequest } from '../http/exchange.js';
import { routeOf } from '../http/route.js';
import type { Serve, Twist } from './quirk.js';

const largest = 64 * 1024 * 1024;

export const isManifestPut = ({ method, url }: RegistryRequest): boolean =>
  method === 'PUT' && routeOf(url.pathname).name === 'manifest';

/** The same request for another last part of the path. */
export function requestTo(
  request: RegistryRequest,
  method: string,
  reference: string,
  kind = 'manifests',
): RegistryRequest {
  const { repository = '' } = routeOf(request.url.pathname);
  const url = new URL(`/v2/${repository}/${kind}/${reference}`, request.url);
  return { ...request, method, url, body: undefined };
}

/** Looks at a manifest that is pushed: an answer refuses it. */
function onPush(
  judge: (manifest: JsonObject, request: RegistryRequest, serve: Serve) => Promise<Answer | undefined>,
): () => Twist {
  return (): Twist => async (request, serve) => {
    if (!isManifestPut(request)) return serve(request);
    const bytes = await readBody(request.body, largest);
    const refusal = await judge(readObject(bytes), request, serve);
    return refusal ?? (await serve({ ...request, body: pieces(bytes) }));
  };
}

function readObject(bytes: Bytes): JsonObject {
  try {
    const value = parseJson(bytes);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** A manifest is not taken before its subject. */
export const subjectMustExist: () => Twist = onPush(async ({ subject }, request, serve) => {
  const digest = memberOf(subject, 'digest');
  if (typeof digest !== 'string') return undefined;
  const { status } = await serve(requestTo(request, 'HEAD', digest));
  return status === 200 ? undefined : errorAnswer(404, 'MANIFEST_UNKNOWN', `no manifest ${digest}`);
});

/** Types of configs that Red Hat Quay has built in, and those of images. */
const configTypes: readonly unknown[] = [
  mediaTypes.imageConfig,
  'application/vnd.docker.container.image.v1+json',
  'application/vnd.cncf.helm.config.v1+json',
  'application/vnd.cncf.openpolicyagent.policy.layer.v1+rego',
];

/** Only configs of known types are taken. */
export const knownConfigsOnly: () => Twist = onPush(async ({ config }) => {
  const type = memberOf(config, 'mediaType');
  if (type === undefined || configTypes.includes(type)) return undefined;
  return errorAnswer(
    400,
    'MANIFEST_INVALID',
    `manifest data does not match schema: ${JSON.stringify(type)} is not known`,
  );
});

const dockerTypes: readonly unknown[] = [mediaTypes.dockerManifest, mediaTypes.dockerManifestList];

/** An OCI index holds no manifests of Docker's types. */
export const noDockerInIndex: () => Twist = onPush(async ({ mediaType, manifests }) => {
  if (mediaType !== mediaTypes.imageIndex || manifests === undefined || !isJsonArray(manifests)) return undefined;
  if (!manifests.some((entry) => dockerTypes.includes(memberOf(entry, 'mediaType')))) return undefined;
  return errorAnswer(400, 'MANIFEST_INVALID', 'failed to parse manifest: manifest data does not match schema');
});

/** How a registry says that a tag is immutable. */
export function immutableTag(status: number, code: string, message: string): () => Twist {
  return (): Twist => async (request, serve) => {
    const answer = await serve(request);
    return isManifestPut(request) && answer.status === 409 ? errorAnswer(status, code, message) : answer;
  };
}

/** `sha256-<hex>` is the digest `sha256:<hex>` where there is no such tag. */
export const dashIsDigest = (): Twist => async (request, serve) => {
  const answer = await serve(request);
  const { name, reference = '' } = routeOf(request.url.pathname);
  const hex = /^sha256-([0-9a-f]{64})$/.exec(reference)?.[1];
  if (answer.status !== 404 || name !== 'manifest' || hex === undefined || !['GET', 'HEAD'].includes(request.method))
    return answer;
  return serve(requestTo(request, request.method, `sha256:${hex}`));
};
