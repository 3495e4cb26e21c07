import type { AddressRules } from '@notarykit/common/internal';

/** The certificate by which a server knows the caller. */
export interface ClientCertificate {
  /** Certificate chain, PEM. */
  readonly cert: string | Uint8Array;
  /** Its private key, PEM. */
  readonly key: string | Uint8Array;
  /**
   * Hosts that may see the certificate and the proof of its key, each as `host` or `host:port`. No other host sees it, even after a
   * redirect. A registry endpoint shows it to its own origin, too.
   */
  readonly hosts?: readonly string[];
}

/** How {@link createTransport} connects. Node only; elsewhere the platform decides. */
export interface TransportOptions {
  /**
   * URL of an HTTP proxy, with its account; `'env'` reads `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` as Go programs do, for which
   * `localhost` and loopback addresses have no proxy. A proxy that cannot be used is `ERR_TRANSPORT_UNSUPPORTED`. Default none.
   */
  readonly proxy?: string;
  /** Hosts that are reached without the proxy: names with their subdomains, `.suffixes` without the name itself, addresses, CIDR blocks, `*`. */
  readonly noProxy?: readonly string[];
  /** Certificates of the authorities to trust, PEM, instead of the system's. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[];
  readonly clientCertificate?: ClientCertificate;
  /**
   * Which networks requests may go to, for URLs that others choose. Without a proxy every address is checked when it is connected to. A
   * proxy resolves names by itself: addresses, and names that say where they lead (`localhost`, `metadata.google.internal`), are checked
   * before the request, and where other names lead is for the proxy to decide. Default: no rule at all.
   */
  readonly addresses?: AddressRules;
  /** The only hosts that requests may go to, in the forms of `noProxy`: what replaces the check of addresses behind a proxy. Default any. */
  readonly onlyHosts?: readonly string[];
  /** Fixed addresses by `host` or `host:port`, asked before DNS; for the proxy too. Names that the proxy resolves are not looked up here. */
  readonly resolve?: Readonly<Record<string, string>>;
  /** Replaces DNS look-ups; the signature of `dns.lookup`. Hosts that are addresses already are asked about too: it may refuse them. */
  readonly lookup?: (
    hostname: string,
    options: object,
    callback: (error: Error | null, address: string | { address: string; family: number }[], family?: number) => void,
  ) => void;
  /**
   * Bodies of at least so many bytes are taken from the socket past the parser of `node:http`, whose copies cost half as much as hashing;
   * the connection ends with them. Infinity: none are, and sockets read as Node reads by itself. Default 8 MiB.
   */
  readonly pastParserFrom?: number;
  /** Sockets per host. Default 64. */
  readonly maxSockets?: number;
}

/** The one server that a transport is made for, if it is. */
export interface Endpoint {
  /** `scheme://host:port`: sees the client certificate even when it is not in `hosts`. */
  readonly origin: string;
  /** Name to check its certificate against, when it differs from the host. */
  readonly servername?: string | undefined;
}
