/** How the default transport connects: each endpoint has its own. Node only; elsewhere the platform decides. */
export interface ConnectionOptions {
  /** Certificates of the authorities to trust, PEM, in place of the system's. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** Client certificate chain, PEM: shown to the registry's own origin, and to `certificateHosts`. */
  readonly cert?: string | Uint8Array;
  /** Private key of the client certificate, PEM. */
  readonly key?: string | Uint8Array;
  /**
   * Other hosts that the client certificate is shown to, and the proof of its key given: token services, storage behind redirects. Each
   * as `host` or `host:port`. Default none: whoever sends the client elsewhere does not learn who it is.
   */
  readonly certificateHosts?: readonly string[];
  /** Name to check the registry's certificate against, when it differs from the host. */
  readonly servername?: string;
  /** Fixed addresses by `host` or `host:port`, asked before DNS: for private networks. */
  readonly resolve?: Readonly<Record<string, string>>;
  /** Replaces DNS look-ups; the signature of `dns.lookup`. Hosts that are addresses already are asked about too: it may refuse them. */
  readonly lookup?: (
    hostname: string,
    options: object,
    callback: (error: Error | null, address: string | { address: string; family: number }[], family?: number) => void,
  ) => void;
  /**
   * URL of an HTTP proxy, with its credentials; `'env'` reads `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` as Go programs do, for which
   * `localhost` and loopback addresses have no proxy. A proxy that cannot be used is `ERR_REGISTRY_UNSUPPORTED`. Default none.
   */
  readonly proxy?: string;
  /** Hosts that are reached without the proxy: names with their subdomains, `.suffixes` of those alone, addresses, CIDR blocks, `*`. */
  readonly noProxy?: readonly string[];
  /** Sockets per host. Default 64. */
  readonly maxSockets?: number;
}
