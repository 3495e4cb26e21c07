// What a verifier can ask during a case: the registry that holds the artifact, and the servers of revocation evidence. One function
// from request to answer, and an HTTP proxy on loopback around it, which is how foreign programs reach hosts that do not exist.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const none = { status: 404, headers: {}, body: Buffer.alloc(0) };

/** Answers every request of a case: `(method, url) => { status, headers, body }`. */
export function networkOf(one) {
  const registry = one.artifact.kind === 'oci' ? registryOf(one) : () => none;
  return (method, url) => {
    const { host } = new URL(url);
    if (one.artifact.kind === 'oci' && host === one.artifact.reference.split('/')[0])
      return registry(method, new URL(url));
    return evidenceAt(one, url);
  };
}

/** Evidence of this URL, or of one that this URL goes on from, as requests of OCSP by GET do. */
function evidenceAt(one, url) {
  const answer = (one.evidence ?? []).find((entry) => url === entry.url || url.startsWith(`${entry.url}/`));
  if (answer === undefined) return none;
  const body = answer.file === undefined ? Buffer.alloc(0) : readFileSync(join(one.directory, answer.file));
  return { status: answer.status ?? 200, headers: { 'content-type': 'application/octet-stream' }, body };
}

function registryOf(one) {
  const layout = join(one.directory, one.artifact.layout);
  const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
  const read = (digest) => readFileSync(join(layout, 'blobs', ...digest.split(':')));
  return (method, { pathname }) => {
    if (pathname === '/v2/' || pathname === '/v2') return { status: 200, headers: {}, body: Buffer.from('{}') };
    const [, kind, reference] = /\/(manifests|blobs|referrers)\/([^/]+)$/.exec(pathname) ?? [];
    try {
      if (kind === 'referrers')
        return one.artifact.referrers === 'tag' ? none : referrers(one, manifests, read, reference);
      if (kind === 'blobs') return content('application/octet-stream', reference, read(reference), method);
      if (kind === 'manifests') return manifestOf(manifests, read, reference, method);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    return none;
  };
}

function manifestOf(manifests, read, reference, method) {
  const tagged = manifests.find(({ annotations }) => annotations?.['org.opencontainers.image.ref.name'] === reference);
  const digest = tagged?.digest ?? reference;
  if (!digest.includes(':')) return none;
  const body = read(digest);
  return content(mediaTypeOf(body), digest, body, method);
}

function mediaTypeOf(body) {
  try {
    return JSON.parse(body.toString()).mediaType ?? 'application/vnd.oci.image.manifest.v1+json';
  } catch {
    return 'application/vnd.oci.image.manifest.v1+json';
  }
}

function content(type, digest, body, method) {
  const headers = { 'content-type': type, 'docker-content-digest': digest, 'content-length': String(body.length) };
  return { status: 200, headers, body: method === 'HEAD' ? Buffer.alloc(0) : body };
}

/**
 * The manifests of the layout whose subject is this digest, also those that an index in it lists. With `api-lies` it lists every
 * manifest of a signature, whatever its subject.
 */
function referrers(one, entries, read, digest) {
  const list = withNested(entries, read).flatMap((entry) => {
    const manifest = parsed(read, entry.digest);
    const artifactType = manifest.artifactType ?? manifest.config?.mediaType;
    const lies = one.artifact.referrers === 'api-lies' && artifactType === 'application/vnd.cncf.notary.signature';
    if (manifest.subject?.digest !== digest && !lies) return [];
    const annotations = manifest.annotations === undefined ? {} : { annotations: manifest.annotations };
    return [{ mediaType: entry.mediaType, digest: entry.digest, size: entry.size, artifactType, ...annotations }];
  });
  const type = 'application/vnd.oci.image.index.v1+json';
  const body = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: list }));
  return { status: 200, headers: { 'content-type': type }, body };
}

const withNested = (entries, read) =>
  entries.flatMap((entry) => [entry, ...(parsed(read, entry.digest).manifests ?? [])]);

function parsed(read, digest) {
  try {
    return JSON.parse(read(digest).toString());
  } catch {
    return {};
  }
}

/** An HTTP proxy on loopback that answers for the hosts of one case: set `proxy.network` before each case. */
export async function startProxy() {
  const proxy = { network: () => none };
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const { status, headers, body } = proxy.network(request.method, request.url);
      response.writeHead(status, { ...headers, connection: 'close' });
      response.end(body);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  proxy.url = `http://127.0.0.1:${server.address().port}`;
  proxy.close = () => new Promise((done) => server.close(done));
  return proxy;
}
