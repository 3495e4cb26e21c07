// Signing: an implementation signs, the kit reads what came out by itself, and the implementation verifies it.
import { constants, createHash, verify as verifySignature, X509Certificate } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { matches } from './cases.mjs';
import { networkOf, startProxy } from './network.mjs';
import { readEnvelope } from './read-envelope.mjs';
import { protocol, scratchFolder, writeRequest } from './request.mjs';
import { ask } from './run-command.mjs';

export const signingFolder = fileURLToPath(new URL('../signing', import.meta.url));
const specs = {
  'rsa-2048': 'PS256',
  'rsa-3072': 'PS384',
  'rsa-4096': 'PS512',
  'ec-256': 'ES256',
  'ec-384': 'ES384',
  'ec-521': 'ES512',
};
const mediaTypes = { jws: 'application/jose+json', cose: 'application/cose' };
const tolerance = 600_000;

/** What is to be signed: every key in both formats, an expiry, metadata, a blob. */
export const signings = ['jws', 'cose'].flatMap((format) => [
  ...Object.keys(specs).map((spec) => ({
    id: `sign-${format}-${specs[spec].toLowerCase()}`,
    format,
    spec,
    kind: 'oci',
  })),
  { id: `sign-${format}-expiry`, format, spec: 'ec-256', kind: 'oci', expirySeconds: 86_400 },
  { id: `sign-${format}-metadata`, format, spec: 'ec-256', kind: 'oci', metadata: { 'org.example.build': '7' } },
  { id: `sign-${format}-blob`, format, spec: 'rsa-3072', kind: 'blob' },
]);

/** The results of a command, one for each of `signings`, or those that `patterns` name. */
export async function runSigning(command, { env = {}, patterns = ['*'] } = {}) {
  const { folder, remove } = scratchFolder();
  const proxy = await startProxy();
  try {
    const results = [];
    const chosen = signings.filter(({ id }) => patterns.some((pattern) => matches(pattern, id)));
    for (const one of chosen) results.push({ id: one.id, ...(await outcomeOf(one, command, folder, proxy, env)) });
    return results;
  } finally {
    await proxy.close();
    remove();
  }
}

async function outcomeOf(one, command, folder, proxy, env) {
  const request = signingRequest(one, join(folder, one.id));
  const signed = await ask(command, 'sign', writeRequest(request, folder), { env });
  if (signed.unsupported !== undefined) return { result: 'skipped', difference: `unsupported: ${signed.unsupported}` };
  if (signed.failure !== undefined) return { result: 'failed', difference: signed.failure };
  const problems = problemsOfSigned(one, request);
  if (problems.length > 0) return { result: 'failed', difference: problems.join('; ') };
  const { signing: _signing, ...asked } = { ...request, id: `${one.id}-verify`, proxy: proxy.url };
  proxy.network = networkOf({ ...asked, directory: '/', evidence: [] });
  const verified = await ask(command, 'verify', writeRequest(asked, folder), { env });
  return verified.verdict === 'trusted'
    ? { result: 'passed' }
    : {
        result: 'failed',
        difference: `does not verify what it signed: ${verified.failure ?? JSON.stringify(verified)}`,
      };
}

/** A request to sign a fresh copy of the artifact. */
export function signingRequest({ id, format, spec, kind, expirySeconds, metadata }, folder) {
  mkdirSync(folder, { recursive: true });
  cpSync(signingFolder, folder, { recursive: true });
  const at = (name) => join(folder, name);
  const digest = JSON.parse(readFileSync(at('layout/index.json'), 'utf8')).manifests[0].digest;
  const reference = `registry.kit.example/app@${digest}`;
  return {
    protocol,
    id,
    directory: folder,
    requires: kind === 'blob' ? ['blob'] : [],
    artifact:
      kind === 'blob'
        ? { kind, path: at('blob.txt'), signature: at(`blob.txt.${format}.sig`), mediaType: 'text/plain' }
        : { kind, layout: at('layout'), reference, referrers: 'layout' },
    config: at('config'),
    signing: {
      privateKey: at(`keys/${spec}.key.pem`),
      certificateChain: at(`keys/${spec}.chain.pem`),
      format,
      ...(expirySeconds === undefined ? {} : { expirySeconds }),
      ...(metadata === undefined ? {} : { metadata }),
    },
  };
}

/** What is wrong with what was signed, by the sections on envelopes, payload, attributes and the signature manifest. */
export function problemsOfSigned(one, request, now = Date.now()) {
  try {
    const bytes = one.kind === 'blob' ? readFileSync(request.artifact.signature) : envelopeOf(one, request);
    return problemsOfEnvelope(one, request, readEnvelope(bytes, one.format), now);
  } catch (error) {
    return [error.message];
  }
}

/** The envelope of the only signature in the layout; its manifest is looked at on the way. */
function envelopeOf({ format, spec }, { artifact, signing }) {
  const read = (digest) => readFileSync(join(artifact.layout, 'blobs', ...digest.split(':')));
  const digest = artifact.reference.split('@')[1];
  const manifests = readdirSync(join(artifact.layout, 'blobs/sha256'))
    .map((name) => parsed(read(`sha256:${name}`)))
    .filter((manifest) => manifest?.subject?.digest === digest);
  if (manifests.length !== 1) throw new Error(`expected one signature manifest, found ${manifests.length}`);
  const [{ artifactType, config, layers, annotations = {} }] = manifests;
  const signature = 'application/vnd.cncf.notary.signature';
  const isNew = artifactType === signature && config.mediaType === 'application/vnd.oci.empty.v1+json';
  if (!isNew && !(artifactType === undefined && config.mediaType === signature))
    throw new Error('the manifest has neither form');
  if (layers.length !== 1 || layers[0].mediaType !== mediaTypes[format])
    throw new Error(`expected one layer of ${mediaTypes[format]}`);
  const wanted = chainOf(signing).map((der) => createHash('sha256').update(der).digest('hex'));
  const found = JSON.parse(annotations['io.cncf.notary.x509chain.thumbprint#S256'] ?? '[]');
  if (found.join().toLowerCase() !== wanted.join()) throw new Error(`thumbprints of the chain of ${spec} are missing`);
  return read(layers[0].digest);
}

const parsed = (bytes) => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
};

const chainOf = ({ certificateChain }) =>
  readFileSync(certificateChain, 'utf8')
    .match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)
    .map((pem) => new X509Certificate(pem).raw);

function problemsOfEnvelope(one, { artifact, signing }, envelope, now) {
  const { algorithm, attributes, chain, contentType, critical, payload, signature, toBeSigned } = envelope;
  const { publicKey } = new X509Certificate(chain[0]);
  const options = {
    key: publicKey,
    dsaEncoding: 'ieee-p1363',
    ...(algorithm.startsWith('PS')
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : {}),
  };
  const hash = `sha${algorithm.slice(2)}`;
  const target = JSON.parse(payload.toString('utf8')).targetArtifact;
  const wanted = one.kind === 'blob' ? blobTarget(artifact, hash) : ociTarget(artifact);
  const checks = [
    [algorithm === specs[one.spec], `alg: expected ${specs[one.spec]}, found ${algorithm}`],
    [contentType === 'application/vnd.cncf.notary.payload.v1+json', `content type: found ${contentType}`],
    [Buffer.concat(chain).equals(Buffer.concat(chainOf(signing))), 'the chain is not the one given, in its order'],
    [verifySignature(hash, toBeSigned, options, signature), 'the signature does not hold'],
    [attributes.signingScheme === 'notary.x509', `signing scheme: found ${attributes.signingScheme}`],
    [Math.abs(attributes.signingTime - now) < tolerance, 'the signing time is not now'],
    [attributes.authenticSigningTime === undefined, 'an authentic signing time under notary.x509'],
    [critical.includes('io.cncf.notary.signingScheme'), 'crit lacks the signing scheme'],
    ...Object.entries(wanted).map(([name, value]) => [
      target[name] === value,
      `${name}: expected ${value}, found ${target[name]}`,
    ]),
    ...Object.entries(signing.metadata ?? {}).map(([key, value]) => [
      target.annotations?.[key] === value,
      `annotation ${key} is missing`,
    ]),
    ...expiryChecks(signing, attributes, critical),
  ];
  return checks.filter(([holds]) => !holds).map(([, problem]) => problem);
}

function expiryChecks({ expirySeconds }, { expiry, signingTime }, critical) {
  if (expirySeconds === undefined) return [[expiry === undefined, 'an expiry that nobody asked for']];
  return [
    [Math.abs(expiry - signingTime - expirySeconds * 1000) <= 2000, 'the expiry is another one'],
    [critical.includes('io.cncf.notary.expiry'), 'crit lacks the expiry'],
  ];
}

function ociTarget({ layout, reference }) {
  const digest = reference.split('@')[1];
  const { mediaType, size } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')).manifests.find(
    (entry) => entry.digest === digest,
  );
  return { mediaType, digest, size };
}

function blobTarget({ path, mediaType }, hash) {
  const content = readFileSync(path);
  return { mediaType, digest: `${hash}:${createHash(hash).update(content).digest('hex')}`, size: content.length };
}
