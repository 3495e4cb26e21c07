import { utf8 } from '@notarykit/common';
import { parseGatePolicy } from '@notarykit/sbom-gate';
import { parseTrustPolicy } from '@notarykit/trust-policy';
import { built } from './provenance.js';
import type { Setup } from './setup.js';

/** A statement of a trust policy: who may sign what is in a repository. */
function statement(name: string, scope: string, stores: readonly string[], identity: string) {
  return {
    name,
    registryScopes: [scope],
    signatureVerification: { level: 'strict' },
    trustStores: stores,
    trustedIdentities: [`x509.subject:${identity}`],
  };
}

/** The trust policy of Wabbit Networks, as it would appear in `trustpolicy.json`. */
export function trustOf({ privateRegistry, production, trustStore, revocation, now }: Setup) {
  const document = {
    version: '1.0',
    trustPolicies: [
      statement(
        'base-images',
        `${privateRegistry.host}/base/debian`,
        ['ca:base-images'],
        'C=US,ST=WA,O=Base Images Inc.,OU=images',
      ),
      statement(
        'wabbit-build',
        `${privateRegistry.host}/net-monitor`,
        ['ca:wabbit-networks', 'tsa:wabbit-networks'],
        'C=US,ST=WA,O=Wabbit Networks,OU=build',
      ),
      statement(
        'wabbit-scanner',
        `${privateRegistry.host}/scans`,
        ['ca:scan-company'],
        'C=US,ST=WA,O=Scan Company,OU=scanner',
      ),
      statement(
        'wabbit-production',
        `${production.host}/net-monitor`,
        ['ca:wabbit-networks', 'tsa:wabbit-networks'],
        'C=US,ST=WA,O=Wabbit Networks,OU=production',
      ),
    ],
  };
  return { policy: parseTrustPolicy(JSON.stringify(document)), trustStore, revocation, now: now() };
}

/** The deployment gate: who must have signed, which packages must and must not be there, how fresh and how clean a scan is. */
export const gatePolicy = parseGatePolicy(
  utf8(
    JSON.stringify({
      version: '1.0',
      name: 'wabbit-production-gate',
      signers: {
        build: { trustPolicy: 'wabbit-build' },
        scanner: { trustPolicy: 'wabbit-scanner' },
        production: { trustPolicy: 'wabbit-production' },
      },
      image: { signedBy: ['build'], platforms: 'all' },
      sbom: {
        signedBy: ['build'],
        formats: ['spdx-2', 'cyclonedx', 'origin-simple'],
        binding: 'subject-and-document',
        requirePackages: [{ purl: 'pkg:deb/debian/ca-certificates', versions: 'vers:deb/>=20230311' }],
        blockPackages: [{ name: 'telnetd*', reason: 'no clear-text services' }],
      },
      scan: {
        signedBy: ['scanner'],
        formats: ['trivy', 'grype'],
        maxAge: '7d',
        onStale: 'rescan',
        block: { severityAtOrAbove: 'critical' },
        requireCoverage: ['os'],
      },
      provenance: {
        signedBy: ['build'],
        builders: ['https://builds.wabbit-networks.example/runs/*'],
        sources: [{ repository: built.source, refs: ['refs/tags/*'] }],
        baseImages: 'verified',
      },
      output: { promote: { signWith: 'production', evidence: 'used' } },
    }),
  ),
);
