import type { Descriptor } from '@notarykit/oci';

export const repositoryName = 'registry.test/net-monitor';
export const target: Descriptor = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 3,
};
export const jwsType = 'application/jose+json';
export const coseType = 'application/cose';

/** A signature as both sides get it. */
export interface Envelope {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** One question to both sides. */
export interface Case {
  /** The kind it is counted under. */
  readonly kind: string;
  readonly name: string;
  /** The document, or its text. */
  readonly policy: object | string;
  readonly envelope: Envelope;
  /** What the signature must be about; the usual target without one. */
  readonly target?: Descriptor;
  readonly reference?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The revocation status of each certificate, which both sides are given. */
  readonly revocation?: readonly string[];
  /** Ask the addresses in the certificates instead, this many milliseconds each. */
  readonly online?: number;
  /** The certificate of the signer where it was changed. */
  readonly leaf?: Uint8Array;
  /** Ids of the rows that it may fall under, where a row wants to be named. */
  readonly rows?: readonly string[];
}

/** What a side says: the verdict, the validation that decided, those that failed and were logged, and every reason. */
export interface Verdict {
  readonly verdict: 'trusted' | 'skipped' | 'refused' | 'policy' | 'noStatement';
  readonly failed?: string | undefined;
  readonly logged: readonly string[];
  readonly reason: string;
}

/** A policy of one statement. */
export function policyOf(store: string, statement: object = {}): object {
  const usual = {
    name: 'p',
    registryScopes: [repositoryName],
    signatureVerification: { level: 'strict' },
    trustStores: [`ca:${store}`, `signingAuthority:${store}`],
    trustedIdentities: ['x509.subject:C=US,ST=WA,O=NotaryKit Test'],
  };
  return { version: '1.0', trustPolicies: [{ ...usual, ...statement }] };
}

export const targetOf = (one: Case): Descriptor => one.target ?? target;
export const referenceOf = (one: Case): string => one.reference ?? `${repositoryName}@${targetOf(one).digest}`;
