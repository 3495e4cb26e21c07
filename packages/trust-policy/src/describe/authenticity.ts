import { quote } from '@notarykit/common/internal';
import type { IdentityComparison } from '../facts.js';
import type { FactTable } from './fact-table.js';

/** Words for facts about who signed. */
export const authenticityFacts: FactTable<
  | 'noStoreOfType'
  | 'storeRefused'
  | 'chainNotTrusted'
  | 'noComparableIdentity'
  | 'subjectNotComparable'
  | 'identityNotTrusted'
> = {
  noStoreOfType: ({ type, configured }) => ({
    message: `no trusted certificates: the signing scheme requires a trust store of type ${quote(type)}, but the statement names ${list(configured)}`,
    remedy: `add "${type}:<name>" to the trustStores of the statement, if signatures of this scheme are to be trusted`,
  }),
  storeRefused: ({ store, message, file }) => ({
    message: `trust store ${quote(store)} cannot be used: ${message.replace(`trust store ${quote(store)}: `, '')}`,
    remedy: `${file === undefined ? 'repair' : `repair or remove the file ${quote(file)} of`} the trust store ${quote(store)}: it must exist, and hold only CA or self-signed certificates, at least one`,
  }),
  chainNotTrusted: ({ stores, chain }) => ({
    message: `no certificate of the chain is in ${list(stores)}; the chain ends in ${quote(chain.at(-1)?.subject)} (SHA-256 ${chain.at(-1)?.fingerprint})`,
    remedy: `if this signer is to be trusted, add that certificate to one of ${list(stores)}`,
  }),
  noComparableIdentity: ({ identities }) => ({
    message: `the statement has no identity that begins with "x509.subject:", only ${list(identities)}`,
    remedy:
      'add "x509.subject:C=…,ST=…,O=…" or "*" to trustedIdentities, or sign with a plugin that understands these identities',
  }),
  subjectNotComparable: ({ subject, problem, wholeName }) => ({
    message: `the subject of the signing certificate, ${quote(subject)}, cannot be compared with identities: ${problem}`,
    remedy: `name it whole, ${JSON.stringify(`x509.name:${wholeName}`)}, in an extended policy of version "1.0+notarykit.2"; or use a signing certificate with unique C, ST and O and no attributes beyond CN, OU, L, STREET, POSTALCODE, SERIALNUMBER; or trust "*" with a store of exactly the certificates meant`,
  }),
  identityNotTrusted: ({ subject, identities }) => ({
    message: `the signing certificate is of ${quote(subject)}, which is not one of the trusted identities: ${identities.map(difference).join('; ')}`,
    remedy: `if this signer is to be trusted, add ${quote(`x509.subject:${subject}`)} to trustedIdentities`,
  }),
};

function list(texts: readonly string[]): string {
  return texts.length === 0 ? 'none' : texts.slice(0, 10).map(quote).join(', ');
}

function difference({ identity, attribute, expected, found }: IdentityComparison): string {
  if (attribute === undefined) return quote(identity);
  return `${quote(identity)} requires ${attribute}=${quote(expected)}, found ${found === undefined ? 'none' : quote(found)}`;
}
