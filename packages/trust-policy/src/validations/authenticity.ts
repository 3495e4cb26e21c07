import type { Certificate } from '@notarykit/pki';
import type { TrustedIdentity } from '../document/policy.js';
import { isSubset } from '../identities/distinguished-name.js';
import { subjectAttributes } from '../identities/subject.js';
import { certificateFact } from '../report/certificate.js';
import type { IdentityComparison } from '../report/facts.js';
import type { Evidence } from '../report/report.js';
import { type Anchors, fingerprintsOf, loadAnchors } from './anchors.js';
import { type Check, type Context, failed } from './check.js';

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
  if (pluginDecidesIdentity) {
    return { message: 'the chain is trusted; the identity is left to the plugin', evidence: [anchor] };
  }
  return checkIdentity(context.statement.trustedIdentities, chain[0] as Certificate, [anchor]);
}

function findAnchor(chain: readonly Certificate[], { stores }: Anchors): Evidence | undefined {
  for (const { store, certificates } of stores) {
    const trusted = fingerprintsOf(certificates);
    const certificate = chain.find((candidate) => trusted.has(candidate.fingerprint));
    if (certificate !== undefined) return { kind: 'trustAnchor', store, certificate: certificateFact(certificate) };
  }
  return undefined;
}

function checkIdentity(
  identities: readonly TrustedIdentity[],
  leaf: Certificate,
  evidence: readonly Evidence[],
): Check {
  const subject = certificateFact(leaf).subject;
  const trusted = (identity: string): Check => ({
    message: `signed by ${subject}, trusted as ${identity}`,
    evidence: [...evidence, { kind: 'identity', identity, subject }],
  });
  if (identities.some((identity) => identity.kind === 'any')) return trusted('*');
  const named = identities.filter((identity) => identity.kind === 'x509.subject');
  if (named.length === 0) {
    return failed({ fact: 'noComparableIdentity', identities: identities.map((identity) => identity.text) }, evidence);
  }
  const name = subjectAttributes(leaf.subject);
  if ('problem' in name) return failed({ fact: 'subjectNotComparable', subject, ...name }, evidence);
  const match = named.find((identity) => isSubset(identity.attributes, name.attributes));
  if (match !== undefined) return trusted(match.text);
  const comparisons = named.map((identity) => compare(identity.text, identity.attributes, name.attributes));
  return failed({ fact: 'identityNotTrusted', subject, identities: comparisons }, evidence);
}

function compare(
  identity: string,
  wanted: ReadonlyMap<string, string>,
  subject: ReadonlyMap<string, string>,
): IdentityComparison {
  const [attribute, expected] = [...wanted].find(([type, value]) => (subject.get(type) ?? '') !== value) as [
    string,
    string,
  ];
  const found = subject.get(attribute);
  return { identity, attribute, expected, ...(found === undefined ? {} : { found }) };
}
