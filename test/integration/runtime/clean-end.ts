// Lets work of every kind fail, be cut and be given up, and awaits only its result; what is left over keeps this process from
// ending, or ends it with an error that nobody waited for.
import { copyGraph, discover } from '@notarykit/artifact-graph';
import { isCodedError } from '@notarykit/common';
import { memoryRepository } from '@notarykit/oci';
import { createHttpTimestamper, createRevocationChecker, parseCertificate } from '@notarykit/pki';
import { revocationFetch } from '@notarykit/pki/node';
import { createRegistry } from '@notarykit/registry-client';
import { signEnvelope } from '@notarykit/signature-envelope';
import { createTrustLab, faults } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { publish, verify } from 'notarykit';
import { labPolicy } from '../../support/lab-policy.js';

const given = new Error('given up');
const target = { mediaType: 'application/octet-stream', digest: `sha256:${'a'.repeat(64)}`, size: 1 } as const;
const lab = await createTrustLab();
const policy = parseTrustPolicy(labPolicy());
const { host } = await lab.registry.listen();
const pki = await lab.services.listen();
const { services, authority } = lab;
const leaf = await authority.issueLeaf({
  ocspUrls: [services.ocspUrl(pki.url)],
  crlUrls: [services.crlUrl(pki.url)],
});
const roots = [parseCertificate(authority.root.certificate)];
const chain = leaf.chain.map((der) => parseCertificate(der));
const addresses = { loopback: true };
await publish(createRegistry({ registry: host }).repository('net-monitor'), {
  push: { artifactType: 'example/app', layers: [{ mediaType: 'text/plain', content: new Uint8Array(100_000) }] },
  sign: { signer: leaf.signer },
  tag: 'v1',
});

type Work = Readonly<Record<string, (signal?: AbortSignal) => Promise<unknown>>>;

/** Work of every kind, by clients that wait so long. */
function workWithin(ms: number): Work {
  const timeouts = { headersMs: ms, idleMs: ms, metadataMs: 2 * ms };
  const repository = createRegistry({ registry: host, retry: { maxRetries: 1, baseMs: 1 }, timeouts }).repository(
    'net-monitor',
  );
  const revocation = createRevocationChecker({
    fetch: revocationFetch({ addresses }),
    addresses,
    ocspTimeoutMs: ms,
    crlTimeoutMs: ms,
  });
  const trust = { policy, trustStore: memoryTrustStore(lab.trustStore), revocation };
  const url = services.timestampUrl(pki.url);
  const timestamper = createHttpTimestamper({ url, roots, fetch, timeoutMs: ms });
  return {
    resolve: (signal) => repository.resolve('v1', signal === undefined ? {} : { signal }),
    discover: (signal) => discover(repository, 'v1', signal === undefined ? {} : { signal }),
    copy: (signal) =>
      copyGraph(repository, memoryRepository('target.test/x'), { reference: 'v1', ...(signal && { signal }) }),
    verify: (signal) => verify(repository, 'v1', { ...trust, ...(signal && { signal }) }),
    revocation: (signal) => revocation.check(chain, signal === undefined ? {} : { signal }),
    timestamp: (signal) =>
      signEnvelope(target, { signer: leaf.signer, timestamper, timestampRoots: roots, ...(signal && { signal }) }),
  };
}

async function endOf(name: string, promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return `${name} ok`;
  } catch (error) {
    if (error !== given && !isCodedError(error)) throw error;
    return `${name} ${error === given ? 'given up' : 'refused'}`;
  }
}

const ends: string[] = [];
const transports = [
  faults.cut(),
  faults.stall(),
  faults.cutBodyAfter(5),
  faults.stallBodyAfter(5),
  faults.endlessBody(),
];
for (const transport of [undefined, ...transports]) {
  lab.registry.clearRules();
  if (transport !== undefined) lab.registry.rule({ action: transport });
  services.misbehave(transport === undefined ? {} : { ocsp: { transport }, crl: { transport }, tsa: { transport } });
  for (const [name, start] of Object.entries(workWithin(transport === undefined ? 30_000 : 100))) {
    ends.push(await endOf(name, start()));
    const stop = new AbortController();
    const begun = start(stop.signal);
    stop.abort(given);
    ends.push(await endOf(name, begun));
    const late = new AbortController();
    const later = endOf(name, start(late.signal));
    setTimeout(() => late.abort(given), 10);
    ends.push(await later);
  }
}
await pki.close();
await lab.close();
console.log(
  `${ends.length} pieces of work, ${ends.filter((end) => end.endsWith('ok')).length > 5 ? 'some' : 'too few'} of them done`,
);
