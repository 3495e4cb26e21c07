/** What transports of a platform do, whichever is given. */
export interface TransportPlatform {
  /** A request's body may be a stream. Browsers allow that only over HTTP/2, and there is no way to ask beforehand which one it will be. */
  readonly streamsUploads: boolean;
  /** An encoded body has been decoded when it arrives, although `identity` was asked for: a browser does not let code ask. */
  readonly decodes: boolean;
  /** Of answers from another origin only those headers are seen that the server exposes. */
  readonly hidesHeaders: boolean;
}
