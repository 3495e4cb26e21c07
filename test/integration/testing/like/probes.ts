import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes } from '@notarykit/oci';
import { referrersTag } from '@notarykit/oci/internal';
import { createEmbeddedRegistry, type EmbeddedRegistryOptions, type QuirkName } from '@notarykit/testing';

/** A registry that is asked as it comes, by requests and not by our client. */
export interface Asked {
  ask(
    method: string,
    path: string,
    init?: { body?: Uint8Array<ArrayBuffer> | string; headers?: Record<string, string> },
  ): Promise<{
    readonly status: number;
    readonly headers: { get(name: string): string | null };
    json(): Promise<Record<string, unknown>>;
  }>;
  push(document: object, reference?: string): Promise<{ readonly status: number; readonly descriptor: Descriptor }>;
  /** An image of a config, and what else its manifest says. */
  image(more?: object): Promise<Descriptor>;
}

const empty = describe(mediaTypes.empty, utf8('{}'));
const repository = '/v2/team/app';

export async function createAsked(options: EmbeddedRegistryOptions): Promise<Asked> {
  const registry = createEmbeddedRegistry({ ...options, sparse: true });
  const ask: Asked['ask'] = async (method, path, { body, headers = {} } = {}) =>
    (await registry.fetch(`http://registry.test${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? utf8(body) : body }),
    })) as never;
  const push: Asked['push'] = async (document, reference) => {
    const bytes = utf8(JSON.stringify(document));
    const mediaType = (document as { mediaType: string }).mediaType;
    const descriptor = describe(mediaType, bytes);
    const headers = { 'Content-Type': mediaType };
    const path = `${repository}/manifests/${reference ?? descriptor.digest}`;
    return { status: (await ask('PUT', path, { body: bytes, headers })).status, descriptor };
  };
  const image: Asked['image'] = async (more = {}) => (await push(imageOf(more))).descriptor;
  return { ask, push, image };
}

const imageOf = (more: object) => ({
  schemaVersion: 2,
  mediaType: mediaTypes.imageManifest,
  config: { ...empty, mediaType: mediaTypes.imageConfig },
  layers: [],
  ...more,
});

const indexOf = (manifests: readonly object[]) => ({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests });

async function uploadOf({ ask }: Asked): Promise<(chunk: string, from: number) => ReturnType<Asked['ask']>> {
  const begun = await ask('POST', `${repository}/blobs/uploads/`);
  const path = (begun.headers.get('location') ?? '').split('?')[0] ?? '';
  return (chunk, from) =>
    ask('PATCH', path, { body: chunk, headers: { 'Content-Range': `${from}-${from + chunk.length - 1}` } });
}

const auth: EmbeddedRegistryOptions = {
  auth: { scheme: 'token', accounts: [{ username: 'u', password: 'p' }] },
};
const basicHeader = (text: string) => ({ Authorization: `Basic ${btoa(text)}` });

/** How a quirk is seen: with what options of the registry besides, and whether it shows. */
export interface Probe {
  readonly options?: EmbeddedRegistryOptions;
  readonly shows: (asked: Asked) => Promise<boolean>;
}

const immutable = (status: number): Probe => ({
  options: { immutableTags: true },
  async shows({ push }) {
    await push(imageOf({ annotations: { n: '1' } }), 'v1');
    return (await push(imageOf({ annotations: { n: '2' } }), 'v1')).status === status;
  },
});

const listedType = async ({ ask, image }: Asked): Promise<string | undefined> => {
  const subject = await image();
  await image({ artifactType: 'application/vnd.test', subject });
  const answer = await ask('GET', `${repository}/referrers/${subject.digest}`);
  if (answer.headers.get('content-type') !== mediaTypes.imageIndex) return undefined;
  const list = await answer.json();
  return (list['manifests'] as { artifactType?: string }[])[0]?.artifactType;
};

/** What each quirk does to those who meet it. */
export const probes: Readonly<Record<QuirkName, Probe>> = {
  'expired-is-forbidden': {
    options: { auth: { scheme: 'basic', accounts: [{ username: 'u', password: 'p' }] } },
    shows: async ({ ask }) => (await ask('GET', '/v2/', { headers: basicHeader('u:ended') })).status === 403,
  },
  'cookies-are-sessions': {
    async shows({ ask }) {
      const cookie = (await ask('GET', '/v2/')).headers.get('set-cookie') ?? '';
      const headers = { Cookie: cookie.split(';')[0] ?? '' };
      return (await ask('POST', `${repository}/blobs/uploads/`, { headers })).status === 403;
    },
  },
  'last-scope-only': {
    options: auth,
    async shows({ ask }) {
      const scopes = ['repository:a:pull', 'repository:b:pull'].map((one) => `scope=${one}`).join('&');
      const { token } = await (await ask('GET', `/token?${scopes}`, { headers: basicHeader('u:p') })).json();
      const headers = { Authorization: `Bearer ${String(token)}` };
      return (await ask('GET', '/v2/a/tags/list', { headers })).status === 401;
    },
  },
  'pull-limit': {
    async shows({ ask, image }) {
      const { digest } = await image();
      const path = `${repository}/manifests/${digest}`;
      for (let i = 0; i < 100; i++) await ask('GET', path);
      const head = await ask('HEAD', path);
      return head.headers.get('ratelimit-remaining') === '0;w=21600' && (await ask('GET', path)).status === 429;
    },
  },
  'no-referrers-api': {
    shows: async ({ ask, image }) =>
      (await ask('GET', `${repository}/referrers/${(await image()).digest}`)).status !== 200,
  },
  'referrers-are-a-web-page': {
    async shows({ ask, image }) {
      const { status, headers } = await ask('GET', `${repository}/referrers/${(await image()).digest}`);
      if (status !== 303) return false;
      return (await ask('GET', headers.get('location') ?? '')).status === 429;
    },
  },
  'subject-header-without-api': {
    async shows({ ask, image }) {
      const subject = await image();
      const bytes = JSON.stringify(imageOf({ subject }));
      const headers = { 'Content-Type': mediaTypes.imageManifest };
      const pushed = await ask('PUT', `${repository}/manifests/r`, { body: bytes, headers });
      const { status } = await ask('GET', `${repository}/referrers/${subject.digest}`);
      return pushed.headers.get('oci-subject') === subject.digest && status === 404;
    },
  },
  'subject-must-exist': {
    async shows({ push }) {
      return (await push(imageOf({ subject: describe(mediaTypes.imageManifest, utf8('none')) }))).status === 404;
    },
  },
  'dash-is-digest': {
    shows: async ({ ask, image }) =>
      (await ask('GET', `${repository}/manifests/${referrersTag((await image()).digest)}`)).status === 200,
  },
  'listed-by-config': { shows: async (asked) => (await listedType(asked)) === mediaTypes.imageConfig },
  'known-configs-only': {
    shows: async ({ push }) => (await push(imageOf({ artifactType: 'a/b', config: empty }))).status === 400,
  },
  'no-docker-in-index': {
    async shows({ image, push }) {
      const child = { ...(await image()), mediaType: mediaTypes.dockerManifest };
      return (await push(indexOf([child]))).status === 400;
    },
  },
  'pages-of-100-tags': {
    async shows({ ask, push }) {
      for (const tag of ['a', 'b', 'c']) await push(imageOf({}), tag);
      const page = await ask('GET', `${repository}/tags/list?n=2`);
      const next = /<([^>]*)>/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
      const rest = await (await ask('GET', next)).json();
      const tooMany = await ask('GET', `${repository}/tags/list?n=101`);
      return tooMany.status === 413 && next.includes('next_page=') && String(rest['tags']) === 'c';
    },
  },
  'immutable-is-400': immutable(400),
  'immutable-is-412': immutable(412),
  'patch-is-created': { shows: async (asked) => (await (await uploadOf(asked))('abc', 0)).status === 201 },
  'range-stands-still': {
    async shows(asked) {
      const patch = await uploadOf(asked);
      await patch('abc', 0);
      return (await patch('def', 3)).headers.get('range') === '0-2';
    },
  },
  'chunk-again-ends-upload': {
    async shows(asked) {
      const patch = await uploadOf(asked);
      await patch('abc', 0);
      const again = await patch('abc', 0);
      return again.status === 404 && (await patch('def', 3)).status === 404;
    },
  },
  'patch-only': {
    async shows({ ask }) {
      const begun = await ask('POST', `${repository}/blobs/uploads/`);
      const path = `${begun.headers.get('location')}&digest=${empty.digest}`;
      return (await ask('PUT', path, { body: '{}' })).status === 405;
    },
  },
  'mount-needs-from': {
    async shows({ ask }) {
      const post = '/blobs/uploads/';
      await ask('POST', `/v2/other${post}`).then(async (begun) => {
        const path = begun.headers.get('location') ?? '';
        await ask('PATCH', path, { body: '{}' });
        await ask('PUT', `${path}&digest=${empty.digest}`);
      });
      const without = await ask('POST', `${repository}${post}?mount=${empty.digest}`);
      const named = await ask('POST', `${repository}${post}?mount=${empty.digest}&from=other`);
      return without.status === 202 && named.status === 201;
    },
  },
  'no-deletion': {
    shows: async ({ ask, image }) =>
      (await ask('DELETE', `${repository}/manifests/${(await image()).digest}`)).status === 405,
  },
  'no-tag-deletion': {
    options: { deletion: true },
    async shows({ ask, push }) {
      await push(imageOf({}), 'v1');
      return (await ask('DELETE', `${repository}/manifests/v1`)).status === 405;
    },
  },
  'listed-manifests-stay': {
    async shows({ ask, image, push }) {
      const child = await image();
      await push(indexOf([child]));
      return (await ask('DELETE', `${repository}/manifests/${child.digest}`)).status === 405;
    },
  },
  'no-tag-parameters': {
    async shows({ ask, push }) {
      const { descriptor } = await push(imageOf({}));
      await push(imageOf({}), `${descriptor.digest}?tag=v1`);
      return (await ask('GET', `${repository}/manifests/v1`)).status === 404;
    },
  },
};
