// Judges a table of good and bad inputs and prints one line for each: `verdicts.ts [polluted]`. Nothing in the lines depends on
// chance, so that two runs, however different their surroundings, print the same.
import { formatTime, isCodedError, parseTime } from '@notarykit/common';
import { parseReference } from '@notarykit/oci';
import { parseManifest } from '@notarykit/oci/internal';
import { formatName, parseCertificate } from '@notarykit/pki';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import { createTrustLab } from '@notarykit/testing';
import {
  explain,
  memoryTrustStore,
  parseTrustPolicy,
  selectStatement,
  type TrustPolicy,
  verifySignature,
} from '@notarykit/trust-policy';
import { forgeJws, goodPayload, type JwsChanges } from '../../forge/jws.ts';
import { pollute } from './pollution.ts';

const scheme = 'io.cncf.notary.signingScheme';
const now = new Date('2026-06-01T00:00:00Z');
const target = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha256:${'a'.repeat(64)}`, size: 3 };
const without = (object: object, name: string): object =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
const payloadWithout = (name: string): string =>
  JSON.stringify({ targetArtifact: without(JSON.parse(goodPayload).targetArtifact, name) });

/** Envelopes: good ones, and such as lack what a lookup through a prototype would find. */
const envelopes: Readonly<Record<string, JwsChanges>> = {
  good: {},
  'expired in Istanbul and on Kiritimati alike': {
    protected: (h) => ({
      ...h,
      crit: [scheme, 'io.cncf.notary.expiry'],
      'io.cncf.notary.expiry': '2026-05-31T23:59:59Z',
    }),
  },
  'good for one more second': {
    protected: (h) => ({
      ...h,
      crit: [scheme, 'io.cncf.notary.expiry'],
      'io.cncf.notary.expiry': '2026-06-01T00:00:01Z',
    }),
  },
  ...Object.fromEntries(
    ['alg', 'cty', 'crit', scheme, 'io.cncf.notary.signingTime'].map((name) => [
      `no ${name}`,
      { protected: (h: object) => without(h, name) },
    ]),
  ),
  ...Object.fromEntries(
    ['payload', 'protected', 'header', 'signature'].map((name) => [
      `no ${name}`,
      { members: (m: object) => without(m, name) },
    ]),
  ),
  'no x5c': { header: () => ({}) },
  'no target': { payload: '{}' },
  ...Object.fromEntries(
    ['mediaType', 'digest', 'size'].map((name) => [`target without ${name}`, { payload: payloadWithout(name) }]),
  ),
  'capital I': { protected: (h) => ({ ...without(h, 'crit'), CRIT: [scheme] }) },
};

const statement = {
  name: 'lab',
  registryScopes: ['registry.test/net-monitor'],
  signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
  trustStores: ['ca:lab'],
  trustedIdentities: ['x509.subject:C=US,ST=WA,O=NotaryKit Test'],
};
const document = (patch: object = {}, drop = ''): object => ({
  version: '1.0',
  trustPolicies: [without({ ...statement, ...patch }, drop)],
});

/** Policies, whole and with a member missing. */
const policies: Readonly<Record<string, object>> = {
  whole: document(),
  'no version': { trustPolicies: [statement] },
  'no statements': { version: '1.0' },
  ...Object.fromEntries(Object.keys(statement).map((name) => [`no ${name}`, document({}, name)])),
  'no level': document({ signatureVerification: {} }),
  'another identity': document({ trustedIdentities: ['x509.subject:C=US,ST=WA,O=notarykit test'] }),
  'audit without override': document({ signatureVerification: { level: 'audit' } }),
  'a scope with a capital': document({ registryScopes: ['registry.test/net-monItor'] }),
};

const image = {
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: `sha256:${'b'.repeat(64)}`, size: 2 },
  layers: [],
};
const gate = {
  version: '1.0',
  name: 'gate',
  signers: { build: { trustPolicy: 'build' } },
  image: { signedBy: ['build'] },
};

const utf8 = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** What is read without keys: each gives a line of text, or a code. */
const readings: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries(
    ['', 'schemaVersion', 'mediaType', 'config', 'layers'].map((name) => [
      `manifest without ${name}`,
      () =>
        Object.keys(parseManifest(utf8(without(image, name)), image.mediaType))
          .sort()
          .join(),
    ]),
  ),
  ...Object.fromEntries(
    ['', 'version', 'name', 'signers', 'image'].map((name) => [
      `gate policy without ${name}`,
      () => JSON.stringify(Object.keys(parseGatePolicy(JSON.stringify(without(gate, name)))).sort()),
    ]),
  ),
  'a time': () => formatTime(parseTime('2026-03-29T03:30:00+02:00')),
  'a time of a leap day': () => formatTime(parseTime('2024-02-29T23:59:59-12:00')),
  'a time without zone': () => formatTime(parseTime('2026-03-29T03:30:00')),
  'a reference': () => parseReference('REGISTRY.test:5000/net-monitor:vIi').tag ?? '',
  'a reference with a capital': () => parseReference('registry.test/net-monItor:v1').repository,
};

async function codeOf(work: () => string | Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return error.code;
  }
}

const lab = await createTrustLab();
const trustStore = memoryTrustStore(lab.trustStore);
const forged = new Map<string, Uint8Array>();
for (const [name, changes] of Object.entries(envelopes)) forged.set(name, await forgeJws(lab.leaf, changes));
const leaf = parseCertificate(lab.leaf.certificate);
const lines: string[] = [];
if (process.argv[2] === 'polluted') pollute();

async function judge(envelope: Uint8Array, policy: TrustPolicy): Promise<string> {
  const { statement: chosen } = selectStatement(policy, 'registry.test/net-monitor');
  const options = { mediaType: 'application/jose+json', statement: chosen, trustStore, target, now };
  const { report } = await verifySignature(envelope, options);
  const text = report.validations.map(({ validation, result, message }) => `${validation} ${result}: ${message}`);
  return `${report.verdict}\n  ${text.join('\n  ')}`;
}

const good = forged.get('good') ?? new Uint8Array();
for (const [name, envelope] of forged)
  lines.push(`envelope ${name}: ${await codeOf(() => judge(envelope, parseTrustPolicy(policies['whole'] ?? {})))}`);
for (const [name, policy] of Object.entries(policies))
  lines.push(`policy ${name}: ${await codeOf(() => judge(good, parseTrustPolicy(policy)))}`);
for (const [name, read] of Object.entries(readings)) lines.push(`${name}: ${await codeOf(read)}`);
lines.push(`subject: ${formatName(leaf.subject)}, ends ${formatTime(leaf.notAfter).length} characters long`);
lines.push(typeof explain);
console.log(lines.join('\n').replace(/[0-9a-f]{32,}/g, 'HEX'));
