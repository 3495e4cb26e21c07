/** An extension to write. */
export interface ExtensionSpec {
  /** Dotted. */
  readonly oid: string;
  readonly critical: boolean;
  /** DER of the value, without the OCTET STRING around it. */
  readonly value: Uint8Array;
}
