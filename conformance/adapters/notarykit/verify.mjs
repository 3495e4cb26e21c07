// NotaryKit under the protocol of the kit, as a function.
import { readFile } from 'node:fs/promises';
import { isCodedError } from '@notarykit/common';
import { createRevocationChecker } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { openLayout } from '@notarykit/registry-client/node';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import { verify as verifyArtifact, verifyBlob } from 'notarykit';

/** Names of our validations in the words of the specification's steps. */
const words = { target: 'integrity', plugin: 'extended', userMetadata: 'metadata' };
const named = (validation) => words[validation] ?? validation;

/**
 * The verdict on a case. `network` answers requests: `(method, url) => { status, headers, body }`; no other host is asked.
 */
export async function verify(request, { network }) {
  const fetch = fetchOf(network);
  try {
    const configuration = notationConfiguration({ env: { NOTATION_CONFIG: request.config }, home: request.config });
    const trust = {
      trustStore: configuration.trustStore,
      revocation: createRevocationChecker({ fetch }),
      plugins: await configuration.plugins(),
      ...(request.time === undefined ? {} : { now: new Date(request.time) }),
      ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
    };
    const judged =
      request.artifact.kind === 'blob'
        ? await blob(request, configuration, trust)
        : await oci(request, configuration, trust, fetch);
    return answerOf(judged);
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return refusalOf(error);
  }
}

async function oci({ artifact }, configuration, trust, fetch) {
  const [, name, digest] = /^(.*)@(.*)$/.exec(artifact.reference);
  const policy = await configuration.trustPolicy();
  const repository =
    artifact.referrers === 'layout' ? await openLayout(artifact.layout, { name }) : remote(name, fetch);
  return await verifyArtifact(repository, digest, { policy, ...trust });
}

function remote(name, fetch) {
  const [registry, ...path] = name.split('/');
  return createRegistry({ registry, fetch, plainHttp: true, retry: { maxRetries: 0 } }).repository(path.join('/'));
}

async function blob({ artifact }, configuration, trust) {
  const policy = await configuration.blobTrustPolicy();
  return await verifyBlob(await readFile(artifact.path), await readFile(artifact.signature), {
    policy,
    mediaType: artifact.signature.endsWith('.cose.sig') ? 'application/cose' : 'application/jose+json',
    ...(artifact.policyName === undefined ? {} : { policyName: artifact.policyName }),
    ...(artifact.mediaType === undefined ? {} : { contentMediaType: artifact.mediaType }),
    ...trust,
  });
}

function answerOf({ verdict, report }) {
  if (verdict === 'skipped') return { verdict };
  const trusted = report.signatures.find((signature) => signature.verdict === 'trusted');
  const logged = trusted.validations
    .filter(({ result }) => result === 'logged')
    .map(({ validation }) => named(validation));
  return { verdict, logged };
}

/** What a refusal was decided by: the failed validation of the last signature, or what came before any signature. */
function refusalOf(error) {
  const message = `${error.code}: ${error.message}`;
  const failed = error.report?.signatures.at(-1)?.validations.find(({ result }) => result === 'failed')?.validation;
  const decidingValidation = failed === undefined ? withoutSignature(error) : named(failed);
  return { verdict: 'refused', decidingValidation, message };
}

function withoutSignature({ code }) {
  return code === 'ERR_TRUST_POLICY' || code === 'ERR_TRUST_NO_STATEMENT' ? 'policy' : 'signature';
}

/** The transport port over such a function. */
function fetchOf(network) {
  return async (url, { method = 'GET' } = {}) => {
    const { status, headers, body } = await network(method, url);
    const bare = body.length === 0 && (method === 'HEAD' || status === 204);
    const response = new Response(bare ? null : body, { status, headers });
    return Object.defineProperty(response, 'url', { value: url });
  };
}
