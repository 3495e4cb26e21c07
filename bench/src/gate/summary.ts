import { createRegistry } from '@notarykit/registry-client';
import { type GateDecision, parseGatePolicy } from '@notarykit/sbom-gate';
import { createAuthority, createEmbeddedRegistry } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { attestSummary, type GateOptions, gate } from 'notarykit';
import { pushImage } from './image.js';

const turns = 15;
const verifierId = 'https://gate.wabbit-networks.io/production';
const names = ['build', 'scanner', 'security', 'verifier'] as const;

/** What a summary spares a gate: both ways over one registry on loopback, in turns. */
export async function summaries(): Promise<void> {
  const registry = createEmbeddedRegistry();
  const { host } = await registry.listen();
  const { signers, options } = await createTrust(host);
  const open = () => createRegistry({ registry: host, plainHttp: true }).repository('app');
  const ask = async (policy: GateOptions['policy']): Promise<Measured> => {
    const before = registry.requests.length;
    const started = performance.now();
    const { proof } = await gate(open(), 'v1', { ...options, policy });
    return { ms: performance.now() - started, requests: registry.requests.length - before, by: proof?.by };
  };
  const image = await pushImage(open(), signers);
  await attestSummary(open(), image, { ...options, policy: policyOf(true), sign: { signer: signers.verifier } });
  const [whole, short]: [Measured[], Measured[]] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    whole.push(await ask(policyOf(false)));
    short.push(await ask(policyOf(true)));
  }
  await registry.close();
  if (whole.some(({ by }) => by !== 'evidence') || short.some(({ by }) => by !== 'summary'))
    throw new Error('a decision rests on something else than it should');
  const [a, b] = [whole[0]?.requests ?? 0, short[0]?.requests ?? 0];
  // Of each the least disturbed turn.
  const [slow, fast] = [least(whole), least(short)];
  console.log(
    `gate.summary: ${b} of ${a} requests, ${(b / a).toFixed(2)} (goal <= 0.25); ${(slow / fast).toFixed(1)} x faster, ${fast.toFixed(1)} ms for ${slow.toFixed(1)} ms (goal >= 4)`,
  );
}

function least(all: readonly Measured[]): number {
  return Math.min(...all.map(({ ms }) => ms));
}

interface Measured {
  readonly ms: number;
  readonly requests: number;
  readonly by: NonNullable<GateDecision['proof']>['by'] | undefined;
}

function policyOf(summary: boolean) {
  return parseGatePolicy(
    JSON.stringify({
      version: '1.0',
      name: 'production',
      signers: Object.fromEntries(names.map((name) => [name, { trustPolicy: name }])),
      image: { signedBy: ['build'] },
      sbom: { signedBy: ['build'], blockPackages: [{ name: 'telnetd*' }] },
      scan: { signedBy: ['scanner'], maxAge: '7d', requireCoverage: [], block: { severityAtOrAbove: 'critical' } },
      vex: { signedBy: ['security'] },
      ...(summary ? { summary: { signedBy: ['verifier'], verifiers: [verifierId], maxAge: '24h' } } : {}),
      output: { attestation: 'vsa', verifierId },
    }),
  );
}

async function createTrust(host: string) {
  const authority = await createAuthority();
  const issue = async (CN: string) =>
    (await authority.issueLeaf({ subject: { C: 'US', ST: 'WA', O: 'Wabbit', CN } })).signer;
  const [build, scanner, security, verifier] = [
    await issue('build'),
    await issue('scanner'),
    await issue('security'),
    await issue('verifier'),
  ];
  const statement = (CN: string, i: number): object => ({
    name: CN,
    registryScopes: [i === 0 ? `${host}/app` : `${host}/${CN}`],
    signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
    trustStores: ['ca:lab'],
    trustedIdentities: [`x509.subject:C=US,ST=WA,O=Wabbit,CN=${CN}`],
  });
  const policy = parseTrustPolicy(JSON.stringify({ version: '1.0', trustPolicies: names.map(statement) }));
  const trustStore = memoryTrustStore({ ca: { lab: authority.root.certificate } });
  return { signers: { build, scanner, security, verifier }, options: { trust: { policy, trustStore } } };
}
