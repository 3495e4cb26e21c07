import type { Certificate } from '@notarykit/pki/internal/core';
import { certificateFact } from '../report/certificate.js';
import type { Evidence } from '../report/report.js';
import { type Anchors, fingerprintsOf, loadAnchors } from './anchors.js';
import { type Check, type Context, failed } from './check.js';
import { matchIdentities } from './match-identities.js';

/**
 * Whether a certificate of the chain is a trust anchor, and the signer one of the trusted identities. There is no path
 * building: the chain holds together already, and trust is equality with one of its certificates.
 *
 * @param pluginDecidesIdentity - a verification plugin judges the identity in place of the policy's rules
 */
export async function checkAuthenticity(context: Context, pluginDecidesIdentity: boolean): Promise<Check> {
  const chain = context.envelope.certificateChain;
  // The scheme decides which kind of store counts: neither may borrow the roots of the other.
  const type = context.envelope.signedAttributes.signingScheme === 'notary.x509' ? 'ca' : 'signingAuthority';
  const anchors = await loadAnchors(context, type);
  if ('fact' in anchors) return failed(anchors);
  const anchor = findAnchor(chain, anchors);
  if (anchor === undefined) {
    const stores = anchors.stores.map((store) => store.store);
    return failed({ fact: 'chainNotTrusted', stores, chain: chain.map(certificateFact) });
  }
  // The chain is checked in any case: a plugin replaces the identity rules, never the trust store.
  if (pluginDecidesIdentity) {
    return { message: 'the chain is trusted; the identity is left to the plugin', evidence: [anchor] };
  }
  const leaf = chain[0] as Certificate;
  const match = matchIdentities(context.statement.trustedIdentities, leaf);
  if ('fact' in match) return failed(match, [anchor]);
  const { subject } = certificateFact(leaf);
  return {
    message: `signed by ${subject}, trusted as ${match.identity}`,
    evidence: [anchor, { kind: 'identity', identity: match.identity, subject }],
  };
}

function findAnchor(chain: readonly Certificate[], { stores }: Anchors): Evidence | undefined {
  for (const { store, certificates } of stores) {
    const trusted = fingerprintsOf(certificates);
    // Equality of whole certificates: a name or a key can be in many certificates, and the store trusts just this one.
    const certificate = chain.find((candidate) => trusted.has(candidate.fingerprint));
    if (certificate !== undefined) return { kind: 'trustAnchor', store, certificate: certificateFact(certificate) };
  }
  return undefined;
}
