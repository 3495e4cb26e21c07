import { parseAnyTrustPolicy } from '@notarykit/trust-policy';
import { extendedVersion, extendedVersion3 } from '@notarykit/trust-policy/internal';
import { identityOf, type Setup, type Tag } from './setup.js';

/** A document, what is verified under it, and what the verdict and its explanation must say. */
export interface PolicyCase {
  readonly name: string;
  readonly document: object;
  readonly tag: Tag;
  readonly verdict: 'trusted' | 'refused';
  /** What the explanation says where the statement is selected by the repository. */
  readonly says: string;
  /** What it says where the statement is asked for by name, which no scope decides about. */
  readonly named?: { readonly verdict: 'trusted' | 'refused'; readonly says: string };
}

/** How a verb tells the verdict: `explanation` is its report in words, or the message of its error. */
export interface Reported {
  readonly verdict: 'trusted' | 'refused';
  readonly explanation: string;
}

/** The statement that the gate policies of the table name. */
export const statementName = 'images';
const past = '2020-01-01T00:00:00Z';
const future = '2100-01-01T00:00:00Z';

const base = {
  name: statementName,
  signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
};
const by = (...names: readonly string[]) => ({ trustStores: ['ca:lab'], trustedIdentities: names.map(identityOf) });
const document = (version: string, statement: object) => ({ version, trustPolicies: [{ ...base, ...statement }] });
const byName = { verdict: 'trusted', says: 'it was asked for by name' } as const;

/** A plain policy that trusts, and one that does not. */
export function plainCases({ repository }: Setup): readonly PolicyCase[] {
  const of = (who: string) => document('1.0', { registryScopes: [repository.name], ...by(who) });
  return [
    {
      name: 'the signer is trusted',
      document: of('vendor'),
      tag: 'both',
      verdict: 'trusted',
      says: `its scope is ${repository.name}`,
      named: byName,
    },
    { name: 'another signer is trusted', document: of('nobody'), tag: 'once', verdict: 'refused', says: 'CN=vendor' },
  ];
}

/** What extended policies say besides, each with a case that trusts and one that does not. */
export function extendedCases({ host }: Setup): readonly PolicyCase[] {
  const of = (statement: object) => document(extendedVersion, statement);
  const scoped = (scope: string) => of({ registryScopes: [scope], ...by('vendor') });
  const two = of({
    registryScopes: [host],
    signers: { required: 2, of: ['vendor', 'certifier'].map((name) => ({ name, ...by(name) })) },
  });
  const kinds = (...each: readonly string[]) =>
    document(extendedVersion3, {
      registryScopes: [host],
      signers: {
        required: 2,
        of: ['vendor', 'certifier'].map((name, i) => ({ name, ...by(name), kind: each[i] })),
      },
    });
  const until = (expires: string) => of({ registryScopes: ['*'], expires, ...by('vendor') });
  const none = { tag: 'both', verdict: 'refused', says: 'no statement', named: byName } as const;
  return [
    {
      name: 'two signers of two',
      document: two,
      tag: 'both',
      verdict: 'trusted',
      says: `its scope is ${host}`,
      named: byName,
    },
    { name: 'one signer of two', document: two, tag: 'once', verdict: 'refused', says: 'certifier' },
    {
      name: 'a prefix scope',
      document: scoped(`${host}/team/*`),
      tag: 'both',
      verdict: 'trusted',
      says: `its scope is ${host}/team/*`,
      named: byName,
    },
    { name: 'another prefix', document: scoped(`${host}/tea/*`), ...none },
    {
      name: 'a registry scope',
      document: scoped(host),
      tag: 'both',
      verdict: 'trusted',
      says: `its scope is ${host}`,
      named: byName,
    },
    { name: 'another registry', document: scoped('other.test'), ...none },
    {
      name: 'a statement that will expire',
      document: until(future),
      tag: 'both',
      verdict: 'trusted',
      says: 'when the statement of the policy expires',
      named: byName,
    },
    {
      name: 'a vendor and a certifier',
      document: kinds('vendor', 'certifier'),
      tag: 'both',
      verdict: 'trusted',
      says: `its scope is ${host}`,
      named: byName,
    },
    {
      name: 'a vendor in the part of a certifier',
      document: kinds('certifier', 'vendor'),
      tag: 'both',
      verdict: 'refused',
      says: 'certifier',
    },
    {
      name: 'a statement that has expired',
      document: until(past),
      tag: 'both',
      verdict: 'refused',
      says: 'no statement',
    },
  ];
}

/** The policy of a case. */
export const policyOf = ({ document: text }: PolicyCase) => parseAnyTrustPolicy(text);

/** The options of a verification under the first plain policy, which trusts the signer of the image. */
export function plainTrust(setup: Setup) {
  const [asked] = plainCases(setup);
  if (asked === undefined) throw new Error('there are no cases');
  return { policy: policyOf(asked), trustStore: setup.trustStore };
}
