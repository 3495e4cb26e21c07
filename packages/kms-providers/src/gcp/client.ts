/** A 64-bit number as the SDK gives it. */
export interface GcpInt64 {
  readonly value?: string | number | { toString(): string } | null;
}

/** How long a call may take, as the SDK takes it; the REST client heeds the signal too. */
export interface GcpCallOptions {
  /** Milliseconds. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** The part of `KeyManagementServiceClient` of `@google-cloud/kms` that is used; {@link gcpKmsRestClient} is another one. */
export interface GcpKmsClient {
  getPublicKey(
    request: { name: string },
    options?: GcpCallOptions,
  ): Promise<
    readonly [
      { readonly pem?: string | null; readonly algorithm?: unknown; readonly name?: string | null },
      ...unknown[],
    ]
  >;
  asymmetricSign(
    request: {
      name: string;
      digest: { sha256?: Uint8Array; sha384?: Uint8Array; sha512?: Uint8Array };
      digestCrc32c: { value: number };
    },
    options?: GcpCallOptions,
  ): Promise<
    readonly [
      {
        readonly name?: string | null;
        readonly signature?: Uint8Array | string | null;
        readonly verifiedDigestCrc32c?: boolean | null;
        readonly signatureCrc32c?: GcpInt64 | null;
      },
      ...unknown[],
    ]
  >;
  listCryptoKeyVersions(
    request: { parent: string; filter: string },
    options?: GcpCallOptions,
  ): Promise<readonly [readonly { readonly name?: string | null }[], ...unknown[]]>;
}
