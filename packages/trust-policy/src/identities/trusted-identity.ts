/** Who may sign. `other` has a prefix that only a verification plugin understands. */
export type TrustedIdentity =
  | { readonly kind: 'any'; readonly text: '*' }
  | { readonly kind: 'x509.subject'; readonly text: string; readonly attributes: ReadonlyMap<string, string> }
  /** A whole subject, only in extended documents of version `1.0+notarykit.2`. */
  | { readonly kind: 'x509.name'; readonly text: string; readonly whole: readonly string[] }
  | { readonly kind: 'other'; readonly text: string };
