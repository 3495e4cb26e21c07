// Makes the example of examples/browser-verify: an artifact with a signed SBOM, timestamped and verified at level strict, in a bundle with what the
// authority said about revocation. `node scripts/browser-example.mjs`, after a build; its keys are thrown away.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeBase64, utf8 } from '../packages/common/dist/index.js';
import { createBundle, publish } from '../packages/notarykit/dist/index.js';
import { createHttpTimestamper, encodePem, parseCertificate } from '../packages/pki/dist/index.js';
import { createRegistry } from '../packages/registry-client/dist/index.js';
import { createAuthority, createAuthorityServices, createEmbeddedRegistry } from '../packages/testing/dist/index.js';
import { memoryTrustStore, parseTrustPolicy } from '../packages/trust-policy/dist/index.js';

const now = new Date('2025-06-01T12:00:00Z');
const base = 'http://pki.wabbit-networks.test';
const years = { notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2035-01-01T00:00:00Z') };
const authority = await createAuthority({ name: 'Wabbit Networks', ocspUrls: [`${base}/ocsp`], ...years });
const services = createAuthorityServices(authority, { now: () => now });
const root = parseCertificate(authority.root.certificate);
const subject = { CN: 'build.wabbit-networks.test', O: 'Wabbit Networks', ST: 'WA', C: 'US' };
const { signer } = await authority.issueLeaf({ subject, ...years });

const timestampUrl = services.timestampUrl(base);
const timestamper = createHttpTimestamper({ url: timestampUrl, roots: [root], fetch: services.fetch, now: () => now });
const signing = { signer, now, timestamper, timestampRoots: [root] };
const registry = 'registry.wabbit-networks.test';
const repository = createRegistry({ registry, fetch: createEmbeddedRegistry().fetch }).repository('net-monitor');
const sbom = utf8(JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components: [] }));
await publish(repository, {
  push: { artifactType: 'example/net-monitor', layers: [] },
  sign: signing,
  attach: [
    {
      artifactType: 'application/vnd.cyclonedx+json',
      files: [{ name: 'net-monitor.cdx.json', mediaType: 'application/vnd.cyclonedx+json', content: sbom }],
    },
  ],
  tag: 'v1',
});

const policy = {
  version: '1.0',
  trustPolicies: [
    {
      name: 'wabbit-networks',
      registryScopes: [repository.name],
      signatureVerification: { level: 'strict' },
      trustStores: ['ca:wabbit-networks', 'tsa:wabbit-networks'],
      trustedIdentities: ['x509.subject:C=US,ST=WA,O=Wabbit Networks'],
    },
  ],
};
const roots = { 'wabbit-networks': [authority.root.certificate] };
const bundle = await createBundle(
  { repository, reference: 'v1' },
  {
    policy: parseTrustPolicy(policy),
    trustStore: memoryTrustStore({ ca: roots, tsa: roots }),
    revocation: { fetch: services.fetch },
    now,
  },
);
const pem = encodePem('CERTIFICATE', authority.root.certificate);
const example = {
  expected: `${repository.name}:v1`,
  at: now.toISOString().replace('.000', ''),
  policy,
  stores: { 'ca:wabbit-networks': pem, 'tsa:wabbit-networks': pem },
  bundle: encodeBase64(await bundle.bytes()),
};
const file = fileURLToPath(new URL('../examples/browser-verify/src/example/example.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(example, undefined, 2)}\n`);
